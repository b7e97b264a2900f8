import ArtifactStore
import ContentAddress
import Foundation
import OCI
import Printable
import Release
import Testing

@testable import ReleaseFiles

@Suite struct GoReleaserDistTests {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "dist-\(UUID().uuidString)/dist")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try write("metadata.json", #"{"project_name":"tool","tag":"v1.2.3","version":"1.2.3"}"#)
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: directory.appending(path: name))
    }

    private func requests(_ artifacts: String, name: String? = nil) throws -> [PutRequest] {
        try write("artifacts.json", artifacts)
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        return try GoReleaserDist(directory.path).requests(
            name: name.map { try RepositoryName(parsing: $0) },
            version: nil,
            annotations: [:],
            amends: false
        )
    }

    @Test func needsNoMetadataWhereNameAndVersionAreGiven() throws {
        try FileManager.default.removeItem(at: directory.appending(path: "metadata.json"))
        try write("artifacts.json", #"[{"name":"a","path":"dist/a","goos":"linux","goarch":"amd64","type":"Binary"}]"#)
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        let found = try GoReleaserDist(directory.path, withMetadata: false).requests(
            name: RepositoryName(parsing: "a"),
            version: Version(parsing: "2"),
            annotations: [:],
            amends: false
        )
        #expect(found.map { "\($0.name)@\($0.version)" } == ["a@2"])
    }

    /// A program that is uploaded itself is listed as what was built, and again with its digest.
    @Test func theDigestOfAProgramThatIsListedTwiceCounts() throws {
        let hashes = ["a", "b"].map { String(repeating: $0, count: 64) }
        let twice = { (first: String, second: String) in
            """
            [{"name":"tool","path":"dist/l/tool","goos":"linux","goarch":"amd64","type":"Binary"\(first)},
             {"name":"tool_linux_amd64","path":"dist/l/tool","goos":"linux","goarch":"amd64","type":"Binary"\(second)}]
            """
        }
        let sums = hashes.map { #","extra":{"Checksum":"sha256:\#($0)"}"# }
        for text in [twice("", sums[0]), twice(sums[0], ""), twice(sums[0], sums[0])] {
            #expect(try requests(text).map { $0.expectedDigest?.hex } == [hashes[0]])
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try write("metadata.json", #"{"project_name":"tool","tag":"v1.2.3","version":"1.2.3"}"#)
        }
        #expect(throws: UnusableFiles.self) { try requests(twice(sums[0], sums[1])) }
    }

    @Test func whatIsntTakenIsNamedAndWhatIsNoEntryRefused() throws {
        let program = #"{"name":"tool","path":"dist/l/tool","type":"Binary"}"#
        try write(
            "artifacts.json",
            #"[\#(program), {"name":"i:1","path":"i:1","type":"Docker Image"}, {"type":"Weird"}]"#
        )
        let dist = try GoReleaserDist(directory.path)
        #expect(dist.remark?.text == "not taken from artifacts.json: 1 Docker Image, 1 Weird")
        // The program's own header says what it is for.
        let found = try dist.requests(name: nil, version: nil, annotations: [:], amends: false)
        #expect(found.map(\.platform) == [nil])
        for other in ["1", #"{"name":"x","path":"x"}"#, #"{"name":"tool","type":"Binary"}"#] {
            try write("artifacts.json", "[\(program), \(other)]")
            #expect(throws: UnusableFiles.self) { try GoReleaserDist(directory.path) }
        }
        try FileManager.default.removeItem(at: directory.deletingLastPathComponent())
    }

    @Test func theBytesOfAnEarlierRequestAreNotPutAgain() throws {
        defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
        for (name, text) in [("a", "one"), ("b", "one"), ("c", "two"), ("d", "two")] { try write(name, text) }
        let requests = try [("a", "LICENSE"), ("b", "LICENSE"), ("c", "LICENSE"), ("d", "README"), ("d", "LICENSE")].map
        {
            PutRequest(
                source: .path(directory.appending(path: $0.0).path),
                name: try RepositoryName(parsing: "tool"),
                version: try Version(parsing: "1"),
                platform: .any,
                path: try ReleasePath(parsing: $0.1)
            )
        }
        let names = try PutRequest.distinct(requests).map { String($0.sourceName.suffix(1)) }
        // Other bytes under the same key stay, for the store to refuse.
        #expect(names == ["a", "c", "d"])
    }

    /// One list, a list for each file, and programs that are on the release page themselves.
    @Test(arguments: [
        ("checksums.txt", "HASH  tool_linux\n", true), ("tool_linux.sha256", "HASH\n", true),
        ("tool_linux.sha512", "HASHHASH\n", false), ("checksums.txt", "HASH  other\n", false),
    ])
    func checksumsAreFound(list: String, text: String, isFound: Bool) throws {
        let hash = String(repeating: "a", count: 64)
        try write(list, text.replacing("HASH", with: hash))
        let found = try requests(
            """
            [{"name":"tool_linux","path":"dist/l/tool","goos":"linux","goarch":"amd64","type":"Binary"},
             {"name":"\(list)","path":"dist/\(list)","type":"Checksum"}]
            """
        )
        #expect((found.first?.expectedDigest?.hex == hash) == isFound)
    }

    @Test func oneFileIsListedTwiceAndTwoAreNot() throws {
        let one = #"{"name":"tool","path":"dist/a/tool","goos":"linux","goarch":"amd64","type":"Binary"}"#
        #expect(try requests("[\(one), \(one)]").count == 1)
    }

    @Test func pathsMayBeginAtTheRoot() throws {
        try write("tool", "program")
        let written = #"[{"name":"tool","path":"PATH","goos":"linux","goarch":"amd64","type":"Binary"}]"#
        let found = try requests(written.replacing("PATH", with: directory.path + "/tool"))
        guard case .path(let path)? = found.first?.source else { return #expect(Bool(false), "\(found)") }
        #expect(path == directory.path + "/tool")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try write("metadata.json", #"{"project_name":"tool","tag":"v1.2.3","version":"1.2.3"}"#)
        #expect(throws: UnusableFiles.self) { try requests(written.replacing("PATH", with: "/etc/passwd")) }
    }

    @Test func twoBuildsOfOneNameAreRefused() throws {
        let one = #"{"name":"tool","path":"dist/a/tool","goos":"linux","goarch":"amd64","type":"Binary"}"#
        let error = #expect(throws: UnusableFiles.self) {
            try requests("[\(one), \(one.replacing("/a/", with: "/b/"))]")
        }
        #expect(error?.description.contains(".goreleaser.yaml") == true)
    }

    @Test func programsArchivesAndChecksumsAreFilesOfOneRelease() throws {
        let sum = Digest.of(Array("archive".utf8))
        try write("checksums.txt", "\(sum.hex)  tool_1.2.3_linux_arm64.tar.gz\n")
        let found = try requests(
            """
            [{"name":"metadata.json","path":"dist/metadata.json","type":"Metadata"},
             {"name":"tool","path":"dist/tool_linux_amd64_v1/tool","goos":"linux","goarch":"amd64","goamd64":"v1",
              "type":"Binary","extra":{"Binary":"tool"}},
             {"name":"tool","path":"dist/tool_linux_arm_6/tool","goos":"linux","goarch":"arm","goarm":"6","type":"Binary"},
             {"name":"tool.exe","path":"dist/tool_windows_amd64_v3/tool.exe","goos":"windows","goarch":"amd64",
              "goamd64":"v3","type":"Binary"},
             {"name":"helper","path":"dist/helper_linux_amd64_v1/helper","goos":"linux","goarch":"amd64","goamd64":"v1",
              "type":"Binary"},
             {"name":"tool_1.2.3_linux_arm64.tar.gz","path":"dist/tool_1.2.3_linux_arm64.tar.gz","goos":"linux",
              "goarch":"arm64","goarm64":"v8.0","type":"Archive"},
             {"name":"checksums.txt","path":"dist/checksums.txt","type":"Checksum"},
             {"name":"ghcr.io/x/tool:1","path":"ghcr.io/x/tool:1","type":"Docker Image"}]
            """
        )
        #expect(
            found.map { "\($0.platform.map { "\($0)" } ?? "") \($0.path?.text ?? "-")" } == [
                "linux/amd64 -", "linux/arm/v6 -", "windows/amd64/v3 -", "linux/amd64 helper",
                "linux/arm64 tool_1.2.3_linux_arm64.tar.gz", "any checksums.txt",
            ]
        )
        #expect(found.allSatisfy { "\($0.name)@\($0.version)" == "tool@1.2.3" })
        #expect(found[4].expectedDigest == sum)
        #expect(found[4].annotations == [Annotation.artifactKind: "archive"])
        #expect(found[0].annotations.isEmpty)
    }

    @Test(
        "the variant is the processor's own, and no other's that stands beside it",
        arguments: [
            (#""goarch":"arm64","goamd64":"v1""#, "linux/arm64"), (#""goarch":"arm64","goarm":"7""#, "linux/arm64"),
            (#""goarch":"arm64","goarm64":"v9.0""#, "linux/arm64/v9"), (#""goarch":"arm","goarm":"6""#, "linux/arm/v6"),
            (#""goarch":"amd64","goamd64":"v3","goarm":"7""#, "linux/amd64/v3"),
            (#""goarch":"386","go386":"sse2","goamd64":"v2""#, "linux/386"),
            (#""goarch":"mips64le","gomips":"softfloat""#, "linux/mips64le/softfloat"),
            (#""goarch":"ppc64le","goppc64":"power8""#, "linux/ppc64le"), (#""goarch":"arm","goarm":6"#, nil),
        ] as [(String, String?)]
    )
    func variants(members: String, platform: String?) throws {
        let artifacts = #"[{"name":"tool","path":"dist/a/tool","goos":"linux",\#(members),"type":"Binary"}]"#
        if let platform {
            #expect(try requests(artifacts).map { $0.platform.map { "\($0)" } } == [platform])
        } else {
            #expect(throws: UnusableFiles.self) { try requests(artifacts) }
        }
    }

    @Test func aUniversalProgramStandsForThePlatformsThatHaveNone() throws {
        let found = try requests(
            """
            [{"name":"tool","path":"dist/a/tool","goos":"darwin","goarch":"arm64","type":"Binary"},
             {"name":"tool","path":"dist/tool_darwin_all/tool","goos":"darwin","goarch":"all","type":"Universal Binary"}]
            """
        )
        #expect(found.map { $0.platform.map { "\($0)" } } == ["darwin/arm64", "darwin/amd64"])
    }

    @Test(
        "what isn't GoReleaser's, or leads out of the directory, is refused",
        arguments: [
            "{}", "[]", "[", #"[{"name":"tool","path":"/etc/passwd","goos":"linux","goarch":"amd64","type":"Binary"}]"#,
            #"[{"name":"tool","path":"dist/../../x","goos":"linux","goarch":"amd64","type":"Binary"}]"#,
        ]
    )
    func refused(_ artifacts: String) throws {
        #expect(throws: UnusableFiles.self) { try requests(artifacts) }
    }
}
