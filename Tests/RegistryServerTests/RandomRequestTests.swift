import ArtifactStore
import ContentAddress
import NIOHTTP1
import OCI
import Testing

@testable import RegistryServer

/// Requests that nobody would write: each has an answer, and none of them the server's own failure.
struct RandomRequestTests {
    /// SplitMix64: the same requests each time.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let pieces = [
        "/", "/v2/", "app", "blobs", "uploads", "manifests", "tags", "list", "referrers", "sha256:", "sha512:", "..",
        "%2e",
        "%00", "%2F", "%", "?", "&", "=", "n", "last", "digest", "mount", "from", "tag", "artifactType",
        "digest-algorithm", "-1",
        "9223372036854775808", "0-0", ":", "@", "releases/", "http://", "#", "é", "\u{202E}", "a", "A", "_", "latest",
        String(repeating: "a", count: 64), String(repeating: "0", count: 128), "00000000-0000-4000-8000-000000000000",
    ]
    private static let fields = [
        "Range", "Content-Range", "If-Match", "If-None-Match", "If-Range", "Content-Type", "Authorization",
    ]
    private static let values = [
        "bytes=0-0", "bytes=-1", "bytes=99999999999999999999-", "0-0", "1-0", "*", "\"x\"", "W/\"x\"", "Basic !",
        "Bearer x",
        "application/vnd.oci.image.manifest.v1+json", ";", "", "-", "=",
    ]
    private static let methods: [HTTPMethod] = [.GET, .HEAD, .PUT, .POST, .PATCH, .DELETE, .OPTIONS]

    @Test func `whatever is asked, the answer is a refusal or what is there`() throws {
        let fixture = try Fixture(writes: .everything)
        try fixture.addImage(["app:latest"])
        var generator = Generator(state: 1)
        for _ in 0..<3000 {
            var target = Bool.random(using: &generator) ? "/v2/app/" : ""
            for _ in 0..<Int.random(in: 0..<7, using: &generator) {
                target += Self.pieces.randomElement(using: &generator) ?? ""
            }
            let fields = (0..<Int.random(in: 0..<3, using: &generator)).map { _ in
                (
                    Self.fields.randomElement(using: &generator) ?? "",
                    Self.values.randomElement(using: &generator) ?? ""
                )
            }
            let method = Self.methods.randomElement(using: &generator) ?? .GET
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let answer = fixture.send(method, target, bytes, fields)
            #expect(answer.status.code < 500 || answer.status == .insufficientStorage, "\(method) \(target) \(fields)")
            for field in answer.headers {
                #expect(field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "\(method) \(target): \(field)")
            }
        }
        #expect(fixture.reports.all.isEmpty)
        #expect(try fixture.store.verify().faults.isEmpty)
    }
}
