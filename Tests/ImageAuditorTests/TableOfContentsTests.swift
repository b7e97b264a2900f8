import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import OCI
import TestSupport
import Testing

/// Layers with a table of contents by which engines that pull lazily make files: the table counts as much as the archive.
@Suite struct TableOfContentsTests {
    /// `bin/agent` ("agent 1\n"), a symbolic and a hard link to it: written by stargz-snapshotter's estargz 0.18.
    private static let stargz = """
        H4sIAAAAAAAC/9LLy9crKEpNSy1JztDLScxLyU0symagLjCAAFy0gYGBIRLbgMHA0NjQzIhBwYCBDqC0uCSxiMHAgNqeHCIAAAAA//8DAL80294A\
        AgAAH4sIAAAAAAAC/+JnGAUjGSRl5unT2g4DAwMDc1NTBgMIQKexsM3NDU0ZFEzpEQClxSWJRQoKVPEksueGUPwn0iP+zc2Jj39DQwNzMwYFo8T01L\
        yS0finefzTOJgJ5n9D9Pg3MDc2YFAwGM3/NAcAAAAA//8DAIzuzSoACAAAH4sIAAAAAAAC/0pMT80rUTDkYhgFIxIABgBhGsmeAAIAAB+LCAAAAAAA\
        Av9KyszTz0gsSmGgITAwMDAwNzVlMIAAdBqTbWhkbGzOoGAIclxiempeCQ0dV1pcklikoEAVTyJ7bogAwACldg5hAAIAAB+LCAAAAAAAAv/skc9unDAY\
        xLmap0A+ryj+t9ice+4LVD189vd5lyZrIkyqJlHevSJLpIaKXLqKFGl/F6zReICZPMF4eKz7hPS7/pmHVFye5szWU5hGv57PupCmkUXVFB/A/dxA0TSX\
        /slPwlPJ+C8acz8k3lViVzJOaRp7yryrvpeMPZWMMZ7gRLyreJ2G+m6kSFM41reQ8ATjDd+9eKaHuxfPSIdFyf0jLamM8SHGTBPvKtueBewPlGeB5yNI\
        s+8wNOSC2hsLAhShoOC0bDVaL5yTJjhFArxvET1Ip51UgM4jqSba4O3y2nC8TzdfLx5eMva8+6cR36cvqwKwHxflNOCsaKe2L8Pqdn443fbptdT5+G1x\
        w4HS9DbZCPFO8l/+zXHs+ktXY0mhNtYSXpKVrRU+NG7vg4dWxRh0RBBt1NKAN1EjoZJagHFkgzYtYqu92lPAd9f67/DtWo4w4qqVWdoofV3k20lL9qN8\
        Lq5cuXLlE/JnABjBqKQACgAAH4sIBAAAAAAA/xoAU0cWADAwMDAwMDAwMDAwMDAxNDVTVEFSR1oBAAD//wAAAAAAAAAA
        """
    private static let stargzDiffID = "sha256:b7ede6a212c937811388c20ff7e5dc0cb1e59f6853b6d4f3b8394011a536f003"
    private static let stargzTable = "sha256:e6120e6a9286e7c1dc0da1a55f88c72d2ecc5e1eb264a9bbbc3f5526f8cbe6ee"

    /// The same files, written by containers/storage 1.43 (skopeo 1.9).
    private static let chunked = """
        KLUv/WQABQUDAGJEDRKgNwDZbxK3zKD603PJFjEhGnwbvwK0Sw3ECYxGMHd3/zxEJUSz4izjYI1tMf8/2/snUQkFDgD8AYICwU0LzBdYBCFYbU0ADKiJ\
        AcI0C6ZCBxQHb8ovSbCCVGZybxZf3aUotS/9BABBAABhZ2VudCAxCgezj8MotS/9BHgMAgAywwoRsKUB+zx6E0Y4mCmflpTYdv4lMniIoicDASsLMerd\
        Zv9/x7j/AgaHykIaBgD0gJ+7d4oXz1pBKuImSY/qhAEAAD65oe1QKk0YCwEAACi1L/1EABMC5QcAQg4sIGBJqwBAO0zLFBG1qG0nO9/sAw7AsrU1otbU\
        nEwBAHAiCwNultFDgJEq+2z5HuLn7Bo5WlrMSyWXtKJWk3Fwc3qqrTLSW7r8knvvWNtcQxTkmibLSNpoyhBlLDNlL5B/EvZegHLpRlXN2MsG/HwPIkQ4\
        JORZ9BKXcYoQkrKd258TMIQGFBkUGdBSFM5DSezNiMPPASJsh40/byCfvRMS84oCdtmwmbF/lD0ioGxa4YobAGV4U2hZCRDA7xLIYQEvebJLDZ5JSBmR\
        OEsbRCOytEIrRMYOgDLdiJAGy2i1OSwnyJiXhmI0DJhyVCJHJaJr6qdgLrcE1iwDeZrIwFAqTRgoAAAA3AAAAAAAAAALAQAAAAAAABMDAAAAAAAAAQAA\
        AAAAAABHblVsSW5VeA==
        """
    private static let chunkedDiffID = "sha256:6101eaf5d90f9ae2710ae51ff36e180119771f342d5ec6226bd585a376cfcb53"
    private static let chunkedTable = "sha256:be4d1b366ce176fc371fcb439ca27665e5b49d29e10b31132b560ad0f1935c2e"
    private static let chunkedPosition = "220:267:787:1"

    private static func image(
        _ blob: String,
        _ diffID: String,
        suffix: String,
        _ annotations: [String: JSONValue]
    ) throws -> TestImage {
        var image = TestImage()
        var layer = TestImage.Layer([])
        layer.blob = [UInt8](try #require(Data(base64Encoded: blob)))
        layer.mediaType += suffix
        layer.annotations = annotations
        image.layers = [layer]
        image.diffIDs = [try Digest(parsing: diffID)]
        image.execution = ["Entrypoint": ["/bin/agent"]]
        return image
    }

    private static func verdict(_ image: TestImage) throws -> (Verdict?, [FindingCode]) {
        var answer: (Verdict?, [FindingCode]) = (nil, [])
        try AuditFixture.with { fixture in
            let audit = try fixture.audit(image)
            let table: [FindingCode] = [.tableOfContents, .notRead]
            answer = (audit.verdict, audit.allFindings.map(\.code).filter(table.contains))
        }
        return answer
    }

    @Test(arguments: [["containerd.io/snapshot/stargz/toc.digest": stargzTable], [:]])
    func theTableOfAnotherWriterAgrees(stargz annotations: [String: String]) throws {
        let image = try Self.image(
            Self.stargz,
            Self.stargzDiffID,
            suffix: "+gzip",
            annotations.mapValues { .string($0) }
        )
        let (verdict, codes) = try Self.verdict(image)
        #expect(verdict == .mismatch)
        #expect(codes == [])
    }

    @Test(arguments: ["io.containers.zstd-chunked", "io.github.containers.zstd-chunked", nil])
    func theTableOfAnotherWriterAgrees(chunked key: String?) throws {
        var annotations: [String: JSONValue] = [:]
        if let key {
            annotations["\(key).manifest-checksum"] = .string(Self.chunkedTable)
            annotations["\(key).manifest-position"] = .string(Self.chunkedPosition)
        }
        let image = try Self.image(Self.chunked, Self.chunkedDiffID, suffix: "+zstd", annotations)
        let (verdict, codes) = try Self.verdict(image)
        #expect(verdict == .mismatch)
        #expect(codes == [])
    }

    @Test(arguments: [
        ("manifest-checksum", stargzTable, FindingCode.tableOfContents, Verdict.ambiguous),
        ("manifest-position", "219:268:787:1", .tableOfContents, .ambiguous),
        ("manifest-position", "here", .notRead, .incomplete),
        ("manifest-position", "-1:267:787:1", .notRead, .incomplete),
    ])
    func anAnnotationMustFitTheTable(key: String, value: String, code: FindingCode, verdict: Verdict) throws {
        let key = "io.containers.zstd-chunked.\(key)"
        let image = try Self.image(Self.chunked, Self.chunkedDiffID, suffix: "+zstd", [key: .string(value)])
        let answer = try Self.verdict(image)
        #expect(answer.0 == verdict)
        #expect(answer.1 == [code])
    }

    @Test func annotationsOfBothKindsMustAgree() throws {
        var annotations: [String: JSONValue] = [
            "io.containers.zstd-chunked.manifest-position": .string(Self.chunkedPosition),
            "io.github.containers.zstd-chunked.manifest-position": "219:268:787:1",
        ]
        var image = try Self.image(Self.chunked, Self.chunkedDiffID, suffix: "+zstd", annotations)
        #expect(try Self.verdict(image).0 == .ambiguous)
        // stargz-snapshotter reads such tables, too, and knows the digest of the text.
        annotations = ["containerd.io/snapshot/stargz/toc.digest": .string(Self.chunkedTable)]
        image = try Self.image(Self.chunked, Self.chunkedDiffID, suffix: "+zstd", annotations)
        #expect(try Self.verdict(image).0 == .ambiguous)
    }

    // MARK: tables made here

    private static let agent = AuditFixture.agent("1.2.3", "amd64").bytes

    /// An eStargz of the released program, whose table is changed.
    private static func image(_ change: (inout [JSONValue]) -> Void) throws -> TestImage {
        var archive = TarBuilder()
        archive.directory("bin")
        archive.file("bin/agent", agent, mode: 0o755)
        archive.symbolicLink("bin/a", to: "agent")
        let half = Int64(agent.count / 2)
        var entries: [JSONValue] = [
            ["type": "dir", "name": "bin/", "mode": 0o755],
            [
                "type": "reg", "name": "bin/agent", "mode": 0o755, "size": .int(Int64(agent.count)),
                "digest": .string("\(Digest.of(agent))"), "chunkSize": .int(half),
                "chunkDigest": .string("\(Digest.of(Array(agent.prefix(Int(half)))))"),
            ],
            [
                "type": "chunk", "name": "bin/agent", "chunkOffset": .int(half),
                "chunkSize": .int(Int64(agent.count) - half),
                "chunkDigest": .string("\(Digest.of(Array(agent.dropFirst(Int(half)))))"),
            ],
            ["type": "symlink", "name": "bin/a", "linkName": "agent", "mode": 0o777],
        ]
        change(&entries)
        let table = CanonicalJSON.encode(["version": 1, "entries": .array(entries)])
        var tail = TarBuilder()
        tail.file("stargz.index.json", table)
        let front = try TestImage.Layer(archive.bytes, by: "gzip -n", suffix: "+gzip")
        let back = try TestImage.Layer(tail.archive, by: "gzip -n", suffix: "+gzip")
        let digits = String(front.blob.count, radix: 16)
        let offset = String(repeating: "0", count: 16 - digits.count) + digits
        let footer: [UInt8] =
            [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 26, 0, 0x53, 0x47, 22, 0] + Array(offset.utf8)
            + Array("STARGZ".utf8)
            + [1, 0, 0, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 8)
        var layer = TestImage.Layer(archive.bytes + tail.archive)
        layer.blob = front.blob + back.blob + footer
        layer.mediaType += "+gzip"
        layer.annotations["containerd.io/snapshot/stargz/toc.digest"] = .string("\(Digest.of(table))")
        var image = TestImage()
        image.layers = [layer]
        image.execution = ["Entrypoint": ["/bin/agent"]]
        return image
    }

    private static func set(_ entries: inout [JSONValue], _ index: Int, _ name: String, _ value: JSONValue) {
        guard case .object(var members) = entries[index] else { return }
        members[name] = value
        entries[index] = .object(members)
    }

    @Test func aTableThatAgreesChangesNothing() throws {
        let (verdict, codes) = try Self.verdict(Self.image { _ in })
        // The table itself is a further file.
        #expect(verdict == .contains)
        #expect(codes == [])
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout [JSONValue]) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout [JSONValue]) -> Void) {
            testDescription = name
            self.change = change
        }
    }

    static let lies = [
        Lie("a file more") { $0.append(["type": "reg", "name": "bin/evil", "mode": 0o755]) },
        Lie("a file less") { $0.remove(at: 3) },
        Lie("another mode") { set(&$0, 1, "mode", .int(0o4755)) },
        Lie("another owner") { set(&$0, 1, "uid", 1) },
        Lie("another digest") { set(&$0, 1, "digest", .string("\(Digest.of("x"))")) },
        Lie("another first chunk") { set(&$0, 1, "chunkDigest", .string("\(Digest.of("x"))")) },
        Lie("another second chunk") { set(&$0, 2, "chunkDigest", .string("\(Digest.of("x"))")) },
        Lie("a chunk without a digest") { set(&$0, 2, "chunkDigest", .null) },
        Lie("a chunk elsewhere") { set(&$0, 2, "chunkOffset", 1) },
        Lie("a chunk of another file") { set(&$0, 2, "name", "bin/a") },
        Lie("another link target") { set(&$0, 3, "linkName", "evil") },
        Lie("another kind") { set(&$0, 3, "type", "hardlink") },
        Lie("an attribute") { set(&$0, 1, "xattrs", ["security.capability": "AQ=="]) },
        Lie("a name twice") { $0.append(["type": "dir", "name": "./bin", "mode": 0o700]) },
        Lie("a name out of the root") { $0.append(["type": "dir", "name": "../bin", "mode": 0o755]) },
        Lie("a member in other letter case") { set(&$0, 1, "Mode", .int(0o4755)) },
        Lie("a size below the file's") { set(&$0, 1, "size", 1) },
    ]

    @Test(arguments: lies) func aTableThatDiffersIsAmbiguous(_ lie: Lie) throws {
        let (verdict, codes) = try Self.verdict(Self.image(lie.change))
        #expect(verdict == .ambiguous)
        #expect(codes.first == .tableOfContents)
    }

    @Test func aTableThatCannotBeReadIsIncomplete() throws {
        let (verdict, codes) = try Self.verdict(Self.image { $0 = [["name": "x"]] })
        #expect(verdict == .incomplete)
        #expect(codes == [.notRead])
    }

    @Test func aNamedSOCIIndexIsIncomplete() throws {
        var image = AuditFixture.image()
        image.annotations["com.amazon.soci.index-digest"] = .string("\(Digest.of("x"))")
        let (verdict, codes) = try Self.verdict(image)
        #expect(verdict == .incomplete)
        #expect(codes == [.notRead])
    }

    /// Version 1: a manifest in the same layout, whose subject is the image.
    ///
    /// `place` is where its type stands; nydus' has any type, and a last layer that says what it is.
    @Test(arguments: ["artifactType", "config", "other", "nydus"])
    func aSOCIIndexThatRefersToTheImageIsIncomplete(place: String) throws {
        let type = "application/vnd.oci.image.manifest.v1+json"
        let soci = "application/vnd.amazon.soci.index.v1+json"
        let image = AuditFixture.image()
        let subject = CanonicalJSON.encode(.object(TestImage.descriptor(image.manifest, type)))
        var index = TestImage()
        if place == "nydus" {
            index.layers = [.init(Array("a bootstrap".utf8))]
            index.layers[0].annotations = ["containerd.io/snapshot/nydus-bootstrap": "true"]
        }
        index.editManifest = { text in
            let rest = #"{"subject":\#(String(decoding: subject, as: UTF8.self)),"# + text.dropFirst()
            return switch place {
            case "artifactType": #"{"artifactType":"\#(soci)","# + rest.dropFirst()
            case "config": rest.replacing("application/vnd.oci.image.config.v1+json", with: soci)
            default: #"{"artifactType":"application/vnd.example","# + rest.dropFirst()
            }
        }
        try AuditFixture.with { fixture in
            let layout = fixture.directory + "/layout"
            try index.write(layout: layout)
            try image.write(layout: layout)
            var named = TestImage.descriptor(image.manifest, type)
            named["annotations"] = ["org.opencontainers.image.ref.name": "image"]
            let manifests: JSONValue = [.object(named), .object(TestImage.descriptor(index.manifest, type))]
            let top = try CanonicalJSON.encode(["schemaVersion": 2, "manifests": manifests])
            try Data(top).write(to: URL(fileURLWithPath: layout + "/index.json"))
            try Shell.run("tar cf layout.tar -C layout .", in: fixture.directory)
            for source in [
                try LayoutSource(directory: layout, tag: "image"),
                try LayoutSource(archive: layout + ".tar", tag: "image"),
            ] {
                let audit = try Auditor(store: fixture.store).audit(source)
                #expect(audit.verdict == (place == "other" ? .exact : .incomplete))
                #expect(audit.codes == (place == "other" ? [] : [.notRead]))
            }
        }
    }

    /// Version 2: a member of the image's index, for the image's platform or for none.
    @Test(arguments: ["amd64", "unknown"]) func aSOCIIndexInTheIndexIsIncomplete(architecture: String) throws {
        var index = TestImage()
        index.architecture = architecture
        index.os = architecture == "unknown" ? "unknown" : "linux"
        index.editManifest = { text in
            #"{"artifactType":"application/vnd.amazon.soci.index.v2+json","# + text.dropFirst()
        }
        try AuditFixture.with { fixture in
            let audit = try fixture.audit([AuditFixture.image(), index])
            #expect(audit.verdict == .incomplete)
            #expect(audit.allFindings.contains { $0.code == .notRead && $0.message.contains("SOCI") })
        }
    }
}
