import ContentAddress
import ImageTransport
import NIOHTTP1
import Testing

@testable import RegistryServer

/// Ranges and conditional requests (RFC 9110, sections 13 and 14; OCI distribution specification 1.1, "Pulling blobs").
struct ConditionTests {
    @Test(
        arguments: [
            ("bytes=0-0", .part(0..<1)), ("bytes=0-", .part(0..<100)), ("bytes=99-", .part(99..<100)),
            ("bytes=10-19", .part(10..<20)), ("bytes=90-1000", .part(90..<100)), ("bytes=-1", .part(99..<100)),
            ("bytes=-1000", .part(0..<100)), ("Bytes=1-2", .part(1..<3)), ("bytes= 1-2 ", .part(1..<3)),
            ("bytes=5-99999999999999999999999", .part(5..<100)),
            ("bytes=100-", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=100-200", .unsatisfiable),
            ("bytes=99999999999999999999999-", .unsatisfiable),
            ("bytes=5-4", .unsatisfiable), ("bytes=", .whole),
            ("bytes=-", .whole), ("bytes=a-b", .whole), ("bytes", .whole),
            ("bytes=1-2,4-5", .whole), ("items=1-2", .whole), ("bytes=1-2-3", .whole), ("bytes=+1-2", .whole),
            ("", .whole),
        ] as [(String, ByteRange)]
    )
    func `a range is read as RFC 9110 says`(field: String, expected: ByteRange) {
        #expect(ByteRange(field, size: 100) == expected)
    }

    @Test func `no byte of an empty content can be asked for`() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-5", size: 0) == .unsatisfiable)
        #expect(ByteRange(nil, size: 0) == .whole)
    }

    @Test(arguments: [Fixture.largeLayer, Fixture.smallLayer])
    func `a part of a blob is 206 with its place`(layer: [UInt8]) throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        let target = "/v2/agent/blobs/\(Digest.of(layer))"
        #expect(fixture.answer(target)["Accept-Ranges"] == "bytes")
        let part = fixture.answer(target, .GET, [("Range", "bytes=3-7")])
        #expect(part.status == .partialContent)
        #expect(part["Content-Range"] == "bytes 3-7/\(layer.count)")
        #expect(try part.bytes == Array(layer[3...7]))
        let rest = fixture.answer(target, .GET, [("Range", "bytes=\(layer.count - 2)-")])
        #expect(try rest.bytes == Array(layer.suffix(2)))
        let none = fixture.answer(target, .GET, [("Range", "bytes=\(layer.count)-")])
        #expect(none.status == .rangeNotSatisfiable)
        #expect(none["Content-Range"] == "bytes */\(layer.count)")
        #expect(try none.bytes.isEmpty)
        // Two fields contradict each other, and a range has no meaning for HEAD.
        #expect(fixture.answer(target, .GET, [("Range", "bytes=0-1"), ("Range", "bytes=2-3")]).status == .ok)
        #expect(fixture.answer(target, .HEAD, [("Range", "bytes=0-1")]).body.count == Int64(layer.count))
    }

    @Test func `the parts of a blob are the blob`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: Fixture.largeLayer.count, by: 70_001) {
            let target = "/v2/agent/blobs/\(Digest.of(Fixture.largeLayer))"
            bytes += try fixture.answer(target, .GET, [("Range", "bytes=\(start)-\(start + 70_000)")]).bytes
        }
        #expect(Digest.of(bytes) == Digest.of(Fixture.largeLayer))
    }

    @Test func `what the client has isn't sent again`() throws {
        let fixture = try Fixture()
        let image = try fixture.addImage(["agent:1"])
        for (target, digest) in [
            ("/v2/agent/manifests/1", image.index.digest),
            ("/v2/agent/blobs/\(Digest.of(Fixture.largeLayer))", Digest.of(Fixture.largeLayer)),
        ] {
            let tag = "\"\(digest)\""
            for field in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let answer = fixture.answer(target, .GET, [("If-None-Match", field)])
                #expect(answer.status == .notModified, "\(field)")
                #expect(answer["ETag"] == tag)
                #expect(try answer.bytes.isEmpty)
            }
            for field in ["\"x\"", "\(digest)", ""] {
                #expect(fixture.answer(target, .GET, [("If-None-Match", field)]).status == .ok, "\(field)")
            }
            #expect(fixture.answer(target, .GET, [("If-Match", "\"x\"")]).status == .preconditionFailed)
            #expect(fixture.answer(target, .GET, [("If-Match", "W/\(tag)")]).status == .preconditionFailed)
            #expect(fixture.answer(target, .GET, [("If-Match", tag)]).status == .ok)
        }
    }

    @Test func `a range is of the content that the client has a part of`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        let digest = Digest.of(Fixture.largeLayer)
        let target = "/v2/agent/blobs/\(digest)"
        let range = ("Range", "bytes=1-2")
        #expect(fixture.answer(target, .GET, [range, ("If-Range", "\"\(digest)\"")]).status == .partialContent)
        #expect(fixture.answer(target, .GET, [range, ("If-Range", "\"other\"")]).status == .ok)
    }
}
