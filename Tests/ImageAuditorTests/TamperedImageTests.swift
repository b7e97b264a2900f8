import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import TestSupport
import Testing

/// What can be done to an honest image, and the finding that each must give.
@Suite struct TamperedImageTests {
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: FindingCode
        let verdict: Verdict?
        let change: @Sendable (inout [TestImage]) throws -> Void

        /// A change to the only image.
        init(
            _ name: String,
            _ code: FindingCode,
            _ verdict: Verdict?,
            one change: @escaping @Sendable (inout TestImage) throws -> Void
        ) {
            testDescription = name
            self.code = code
            self.verdict = verdict
            self.change = { images in
                images = [images[0]]
                try change(&images[0])
            }
        }

        /// A change to an index of two platforms.
        init(
            index name: String,
            _ code: FindingCode,
            _ verdict: Verdict?,
            _ change: @escaping @Sendable (inout [TestImage]) throws -> Void
        ) {
            testDescription = name
            self.code = code
            self.verdict = verdict
            self.change = change
        }
    }

    static let agent = AuditFixture.agent("1.2.3", "amd64").bytes
    static let flipped: [UInt8] = {
        var bytes = agent
        bytes[bytes.count / 2] ^= 1
        return bytes
    }()
    static let stripped: [UInt8] = {
        var program = AuditFixture.agent("1.2.3", "amd64")
        program.hasSymbols = false
        return program.bytes
    }()
    static let patched: [UInt8] = {
        // Other code under the same build-id.
        TestProgram(code: "evil", buildID: AuditFixture.agent("1.2.3", "amd64").buildID).bytes
    }()
    static let evil = TestProgram(code: "evil").bytes

    static let files: [Tampering] = [
        Tampering("a byte flipped", .otherBytes, .mismatch) { $0.replace("usr/bin/agent", flipped) },
        Tampering("symbols stripped", .altered, .mismatch) { $0.replace("usr/bin/agent", stripped) },
        Tampering("code patched under the same build-id", .altered, .mismatch) { $0.replace("usr/bin/agent", patched) },
        Tampering("another platform's binary", .wrongPlatform, .mismatch) {
            $0.replace("usr/bin/agent", AuditFixture.agent("1.2.3", "arm64").bytes)
        },
        Tampering("another version beside it", .mixedReleases, .mismatch) {
            $0.layer { $0.file("usr/bin/agent-old", AuditFixture.agent("1.2.2", "amd64").bytes, mode: 0o755) }
        },
        Tampering("shadowed by a later layer", .shadowed, .mismatch) {
            $0.layer { $0.file("usr/bin/agent", evil, mode: 0o755) }
        },
        Tampering("shadowed by an older release", .shadowed, .mismatch) {
            $0.layer { $0.file("usr/bin/agent", AuditFixture.agent("1.2.2", "amd64").bytes, mode: 0o755) }
        },
        Tampering("shadowed by a folder", .shadowed, .mismatch) { $0.layer { $0.directory("usr/bin/agent") } },
        Tampering("swapped for a symbolic link", .shadowed, .mismatch) {
            $0.layer { layer in
                layer.file("opt/evil", evil, mode: 0o755)
                layer.symbolicLink("usr/bin/agent", to: "/opt/evil")
            }
        },
        Tampering("its folder swapped for a symbolic link", .entrypointUnknown, .contains) {
            $0.layer { layer in
                layer.file("usr/.wh.bin", [])
                layer.file("opt/agent2", evil, mode: 0o755)
                layer.file("opt/kept", agent, mode: 0o755)
            }
            $0.execution = ["Entrypoint": ["/opt/agent2"]]
        },
        Tampering("removed by a whiteout", .removed, .contains) {
            $0.layer { $0.file("usr/bin/.wh.agent", []) }
            $0.layer { $0.file("x", "y") }
        },
        Tampering("removed by an opaque folder", .removed, .contains) {
            $0.layer { layer in
                layer.file("usr/.wh..wh..opq", [])
                layer.file("x", "y")
            }
        },
        Tampering("a set-user-id bit on another file", .setID, .contains) {
            $0.layer { $0.file("bin/su", evil, mode: 0o4755) }
        },
        Tampering("a set-user-id bit on the released file", .setID, .exact) {
            $0.replace("usr/bin/agent", agent, mode: 0o4755)
        },
        Tampering("capabilities", .capability, .contains) {
            $0.layer {
                $0.file("bin/ping", evil, mode: 0o755, pax: [("SCHILY.xattr.security.capability", [1, 0, 0, 2])])
            }
        },
        Tampering("no executable bit", .notExecutable, .exact) { $0.replace("usr/bin/agent", agent, mode: 0o644) },
        Tampering("a device node", .device, .contains) { $0.layer { $0.add("dev/sda", "4", device: (8, 0)) } },
        Tampering("an altered copy elsewhere", .altered, .mismatch) {
            $0.layer { $0.file("opt/helper", stripped, mode: 0o755) }
        },
        Tampering("the same name in another folder", .otherBytes, .mismatch) {
            $0.layer { $0.file("opt/agent", evil, mode: 0o755) }
        },
        Tampering("the context's file name", .otherBytes, .mismatch) {
            $0.layer { $0.file("opt/agent-linux-amd64", evil, mode: 0o755) }
        },
    ]

    static let layers: [Tampering] = [
        Tampering("an executable in a whiteout's clothes", .whiteout, .ambiguous) {
            $0.layer { $0.file("bin/.wh..wh.evil", evil, mode: 0o755) }
        },
        Tampering("a whiteout with content", .whiteout, .ambiguous) { $0.layer { $0.file("usr/bin/.wh.agent", evil) } },
        Tampering("a whiteout of the parent folder", .whiteout, .ambiguous) {
            $0.layer { $0.file("usr/bin/.wh...", []) }
        },
        Tampering("a whiteout in the file's own layer", .whiteout, .ambiguous) {
            $0.layers[0] = .init(
                .with { layer in
                    layer.file("usr/bin/agent", agent, mode: 0o755)
                    layer.file("usr/bin/.wh.agent", [])
                }
            )
        },
        Tampering("two entries for one name", .duplicate, .ambiguous) {
            $0.layers[0] = .init(
                .with { layer in
                    layer.file("usr/bin/agent", agent, mode: 0o755)
                    layer.file("usr/bin/agent", evil, mode: 0o755)
                }
            )
        },
        Tampering("a path out of the root", .outside, .ambiguous) {
            $0.layer { $0.file("../../usr/bin/agent", evil, mode: 0o755) }
        },
        Tampering("a hard link to nothing", .refused, .ambiguous) { $0.layer { $0.hardLink("bin/x", to: "nowhere") } },
        Tampering("a file below a file", .refused, .ambiguous) { $0.layer { $0.file("usr/bin/agent/x", "y") } },
        Tampering("an entry of a type that is none", .refused, .ambiguous) { $0.layer { $0.add("x", "Z") } },
        Tampering("a contiguous file, which engines refuse", .readingsDiffer, .ambiguous) {
            $0.layer { $0.add("x", "7") }
        },
        Tampering("a table of contents for lazy pulling", .notRead, .incomplete) {
            $0.layers[0].annotations["containerd.io/snapshot/stargz/toc.digest"] = .string("sha256:0")
        },
        Tampering("a directory's entry in another way for GNU tar", .readingsDiffer, .ambiguous) {
            $0.layer { $0.add("x/", "0") }
        },
        Tampering("bytes after the archive's end", .trailer, .ambiguous) {
            $0.layers[0] = .init($0.layers[0].tar + evil)
        },
        Tampering("a global header that renames", .globalHeader, .ambiguous) {
            var global = TarBuilder()
            global.add("g", "g", content: TarBuilder.record("path", Array("usr/bin/evil".utf8)))
            $0.layers[0] = .init(global.bytes + $0.layers[0].tar)
        },
        Tampering("a layer that is compressed in secret", .compression, .exact) {
            let plain = $0.layers[0].mediaType
            $0.layers[0] = try .init($0.layers[0].tar, by: "gzip -n", suffix: "")
            $0.layers[0].mediaType = plain
        },
        Tampering("a wrong diffID", .damaged, nil) {
            $0.diffIDs = [Digest.of("other"), Digest.of($0.layers[1].tar)]
        },
        Tampering("a diffID too few", .layerCount, nil) { $0.diffIDs = [Digest.of($0.layers[0].tar)] },
        Tampering("a layer cut short", .damaged, nil) {
            $0.layers[0] = .init(Array($0.layers[0].tar.prefix(2000)))
        },
        Tampering("a negative size", .damaged, nil) {
            $0.layer { $0.add("x", "0", size: [UInt8](repeating: 0xFF, count: 12)) }
        },
        Tampering("a sparse file of 8 EiB", .limit, .incomplete) {
            $0.layer {
                $0.file(
                    "x",
                    [],
                    pax: [
                        ("GNU.sparse.map", Array("0,0".utf8)), ("GNU.sparse.numblocks", Array("1".utf8)),
                        ("GNU.sparse.size", Array("9000000000000000000".utf8)),
                    ]
                )
            }
        },
        Tampering("folders 10,000 deep, through links", .limit, .incomplete) { image in
            image.layer { layer in
                for level in 0..<20 {
                    let prefix = level == 0 ? "d/" : "l\(level)/"
                    layer.directory(prefix + String(repeating: "d/", count: 500) + "e")
                    layer.symbolicLink("l\(level + 1)", to: prefix + String(repeating: "d/", count: 500) + "e")
                }
            }
        },
    ]

    static let configs: [Tampering] = [
        Tampering("LD_PRELOAD in the environment", .preload, .exact) { $0.execution["Env"] = ["LD_PRELOAD=/x.so"] },
        Tampering("LD_LIBRARY_PATH in the environment", .libraryPath, .exact) {
            $0.execution["Env"] = ["LD_LIBRARY_PATH=/opt"]
        },
        Tampering("/etc/ld.so.preload", .preloadFile, .contains) {
            $0.layer { $0.file("etc/ld.so.preload", "/opt/evil.so\n") }
        },
        Tampering("another entrypoint", .entrypointUnknown, .contains) {
            $0.layer { $0.file("bin/evil", evil, mode: 0o755) }
            $0.execution = ["Entrypoint": ["/bin/evil", "/usr/bin/agent"]]
        },
        Tampering("an entrypoint that isn't there", .entrypointMissing, .exact) {
            $0.execution = ["Entrypoint": ["/bin/nothing"]]
        },
        Tampering("an entrypoint in a circle", .entrypointMissing, .contains) {
            $0.layer { layer in
                layer.symbolicLink("a", to: "b")
                layer.symbolicLink("b", to: "a")
            }
            $0.execution = ["Entrypoint": ["/a"]]
        },
        Tampering("an entrypoint that is a folder", .entrypointNotExecutable, .exact) {
            $0.execution = ["Entrypoint": ["/usr/bin"]]
        },
        Tampering("a script whose interpreter is missing", .interpreterMissing, .contains) {
            $0.layer { $0.file("start", "#!/bin/sh\nexec agent\n", mode: 0o755) }
            $0.execution = ["Entrypoint": ["/start"]]
        },
        Tampering("a PATH that leads elsewhere first", .entrypointUnknown, .mismatch) {
            $0.layer { $0.file("evil/agent", evil, mode: 0o755) }
            $0.execution = ["Cmd": ["agent"], "Env": ["PATH=/evil:/usr/bin"]]
        },
        Tampering("a second entrypoint in small letters", .ambiguousDocument, .ambiguous) {
            $0.execution["entrypoint"] = ["/bin/evil"]
        },
        Tampering("config and index say arm64, the program is amd64's", .wrongPlatform, .mismatch) {
            $0.architecture = "arm64"
        },
    ]

    static let indexes: [Tampering] = [
        Tampering(index: "the index lies about the platform", .platformClaim, .mismatch) {
            $0[0].indexArchitecture = "riscv64"
        },
        Tampering(index: "another release on one platform", .releasesDiffer, .mismatch) {
            $0[1] = AuditFixture.image("1.2.2", "arm64")
        },
        Tampering(index: "a platform with nothing released", .platformExtra, .mismatch) {
            var extra = TestImage { $0.file("x", "y") }
            extra.architecture = "s390x"
            $0.append(extra)
        },
        Tampering(index: "a platform left out", .platformMissing, .exact) { $0.removeLast() },
        Tampering(index: "two images for one platform", .platformTwice, .contains) {
            var second = $0[0]
            second.layer { $0.file("etc/evil", "x") }
            $0.append(second)
        },
    ]

    /// A layer's recipe as `bindery build` writes it, of one file.
    static func recipe(_ path: String, _ bytes: [UInt8]) -> [String: JSONValue] {
        let entry: JSONValue = [
            "path": .string(path), "type": "file", "mode": "0755", "digest": .string("\(Digest.of(bytes))"),
        ]
        let recipe: JSONValue = ["tar": "bindery-tar/1", "compression": "none", "entries": .array([entry])]
        return ["dev.bindery.layer.recipe": .string(String(decoding: CanonicalJSON.encode(recipe), as: UTF8.self))]
    }

    /// A context's record, of one file.
    static func record(_ file: String, _ bytes: [UInt8]) -> [UInt8] {
        let entry: JSONValue = [
            "file": .string(file), "digest": .string("\(Digest.of(bytes))"), "name": "agent", "version": "1.2.3",
            "platform": "linux/amd64",
        ]
        return CanonicalJSON.encode(["binderyContext": 1, "files": .array([entry])])
    }

    static let documents: [Tampering] = [
        Tampering("a recipe of the release over other bytes", .falseClaim, .mismatch) {
            $0.replace("usr/bin/agent", stripped)
            $0.layers[0].annotations = recipe("usr/bin/agent", agent)
        },
        Tampering("a recipe of a file that isn't there", .falseClaim, .exact) {
            $0.layers[1].annotations = recipe("usr/bin/agent", agent)
        },
        Tampering("annotations of another release", .falseClaim, .exact) {
            $0.annotations = [
                "org.opencontainers.image.title": "agent", "org.opencontainers.image.version": "v1.3.0",
            ]
        },
        Tampering("a context's record beside other bytes", .falseClaim, .mismatch) {
            $0.replace("usr/bin/agent", evil)
            $0.layer { $0.file("usr/bin/bindery-context.json", record("agent", agent)) }
        },
    ]

    @Test func documentsThatSayTheTruthAreNoFinding() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layers[0].annotations = Self.recipe("usr/bin/agent", Self.agent)
            image.annotations = [
                "org.opencontainers.image.title": "agent", "org.opencontainers.image.version": "v1.2.3",
            ]
            image.layer { $0.file("usr/bin/bindery-context.json", Self.record("agent", Self.agent)) }
            image.layer { $0.file("usr/bin/.wh.agent", []) }
            let audit = try fixture.audit(image)
            #expect(audit.codes == [.removed, .entrypointMissing])
        }
    }

    @Test(arguments: files + layers + configs + indexes + documents)
    func isCaught(_ tampering: Tampering) throws {
        try AuditFixture.with { fixture in
            var images = [AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")]
            try tampering.change(&images)
            let audit = try fixture.audit(images, asIndex: images.count > 1 || tampering.code == .platformMissing)
            let found = audit.allFindings.map { "\($0.code.rawValue) \($0.message)" }
            #expect(audit.codes.contains(tampering.code), "found: \(found)")
            #expect(audit.verdict == tampering.verdict, "found: \(found)")
        }
    }

    /// As umoci writes layers, and as every engine reads them.
    @Test(arguments: [false, true]) func aLayerWithoutItsEndIsWhole(lacksPadding: Bool) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            let whole = [UInt8].with { $0.file("usr/bin/agent", Self.agent, mode: 0o755) }
            let missing = 1024 + (lacksPadding ? (512 - Self.agent.count % 512) % 512 : 0)
            image.layers[0] = .init(Array(whole.dropLast(missing)))
            let audit = try fixture.audit(image)
            #expect(audit.codes.isEmpty)
            #expect(audit.verdict == .exact)
        }
    }

    @Test func anHonestIndexHasNoneOfThese() throws {
        try AuditFixture.with { fixture in
            let audit = try fixture.audit([AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")])
            #expect(audit.codes.isEmpty)
        }
    }

    @Test func aFlippedByteInABlobIsDamage() throws {
        try AuditFixture.with { fixture in
            let image = AuditFixture.image()
            let layout = fixture.folder + "/layout"
            try image.write(layout: layout)
            let blob = "\(layout)/blobs/sha256/\(Digest.of(image.layers[0].blob).hex)"
            try Shell.run("printf X | dd of=\(blob) bs=1 seek=3000 conv=notrunc status=none", in: fixture.folder)
            let audit = try Auditor(store: fixture.store).audit(LayoutSource(directory: layout, tag: nil))
            #expect(audit.verdict == nil)
            #expect(audit.codes == [.damaged])
            try fixture.store.recordAudit(AuditRecord(audit))
        }
    }

    @Test func aChangedBaseIsNoLongerUntouched() throws {
        try AuditFixture.with { fixture in
            let base = TestImage { $0.file("bin/sh", TestProgram(code: "shell").bytes, mode: 0o755) }
            try base.write(layout: fixture.folder + "/base")
            var image = AuditFixture.image()
            image.layers.insert(base.layers[0], at: 0)
            image.layer { $0.file("bin/.wh.sh", []) }
            let known = try KnownBase.read("oci:\(fixture.folder)/base")
            let audit = try fixture.audit(image) { $0.bases = known }
            #expect(audit.codes == [.baseChanged])
            #expect(audit.verdict == .contains)
        }
    }

    @Test func aBombEndsAtTheLimit() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            var layer = TarBuilder()
            layer.add("zeros", "0", size: TarBuilder.octal(8 << 30 - 1, 11))
            let zeros = try withTemporaryDirectory { folder in
                try Shell.run("head -c 200M /dev/zero | gzip -9n", in: folder).output
            }
            let head = try TestImage.Layer(layer.bytes, by: "gzip -n", suffix: "+gzip")
            image.layers.append(head)
            image.layers[2].blob += zeros
            let audit = try fixture.audit(image) { $0.largestSize = 32 << 20 }
            #expect(audit.codes == [.limit])
            #expect(audit.verdict == .incomplete)
        }
    }
}

extension TestImage {
    /// Puts other bytes where a file is, in its own layer.
    mutating func replace(_ path: String, _ bytes: [UInt8], mode: Int = 0o755) {
        layers[0] = .init(.with { $0.file(path, bytes, mode: mode) })
    }
}

extension [UInt8] {
    /// A tar archive.
    static func with(_ build: (inout TarBuilder) -> Void) -> [UInt8] {
        var builder = TarBuilder()
        build(&builder)
        return builder.archive
    }
}
