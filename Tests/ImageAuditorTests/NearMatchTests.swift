import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import ImageTransport
import OCI
import Release
import TestSupport
import Testing

/// What an audit says of programs that come near to released ones.
@Suite struct NearMatchTests {
    /// A program whose text doesn't repeat, so that similarity means something.
    private static func program(changed: Bool, seed: UInt64 = 7) -> TestProgram {
        var state = seed
        var text = (0..<200_000).map { _ -> Character in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Character(UnicodeScalar(UInt8(33 + (state >> 33) % 90)))
        }
        if changed { text.replaceSubrange(100_000..<100_100, with: Array("another build")) }
        return TestProgram(code: changed ? "new" : "old", text: String(text))
    }

    private static func put(_ program: TestProgram, _ release: String, in fixture: AuditFixture) throws {
        let key = try ReleaseKey(parsing: release)
        let path = fixture.directory + "/put-\(UUID().uuidString)"
        try Data(program.bytes).write(to: URL(fileURLWithPath: path))
        _ = try fixture.store.put([
            PutRequest(source: .path(path), name: key.name, version: key.version, fileName: key.name.lastComponent)
        ])
    }

    @Test func anotherBuildUnderItsNameIsMeasuredAgainstTheReleases() throws {
        try AuditFixture.with { fixture in
            try Self.put(Self.program(changed: false, seed: 9), "tool@1.0.0", in: fixture)
            try Self.put(Self.program(changed: false), "tool@1.1.0", in: fixture)
            try Self.put(Self.program(changed: false, seed: 11), "tool@1.2.0", in: fixture)
            let audit = try fixture.audit(
                TestImage { $0.file("usr/bin/tool", Self.program(changed: true).bytes, mode: 0o755) }
            )
            let finding = try #require(audit.allFindings.first { $0.code == .otherBytes })
            #expect(finding.message.contains("% of them stand in tool 1.1.0 linux/amd64"))
            #expect(finding.message.contains("other bytes in .rodata, .text"))
            try fixture.store.recordAudit(AuditRecord(audit))
            let released = Digest.of(Self.program(changed: false).bytes)
            let near = try #require(try fixture.store.images(near: released).first)
            #expect((800..<1000).contains(near.nearness?.thousandths ?? 0))
            #expect(String(decoding: near.path, as: UTF8.self) == "/usr/bin/tool")
        }
    }

    @Test func imagesWithAnAlteredCopyAreFoundByTheRelease() throws {
        try AuditFixture.with { fixture in
            var program = AuditFixture.agent("1.2.3", "amd64")
            program.hasSymbols = false
            let audit = try fixture.audit(TestImage { $0.file("opt/x", program.bytes, mode: 0o755) })
            try fixture.store.recordAudit(AuditRecord(audit))
            let released = Digest.of(AuditFixture.agent("1.2.3", "amd64").bytes)
            #expect(try fixture.store.images(holding: [released]).isEmpty)
            let near = try #require(try fixture.store.images(near: released).first)
            #expect(near.nearness?.evidence == ["same code", "same build-id"])
            #expect(near.image == audit.digest)
            let other = Digest.of(AuditFixture.agent("1.2.2", "amd64").bytes)
            #expect(try fixture.store.images(near: other).isEmpty)
            // A loose file that the store doesn't know is compared by what it says of itself.
            let programs = program.bytes.withUnsafeBytes { ProgramIdentity.read($0) }
            let loose = try fixture.store.images(near: Digest.of("loose"), programs: programs)
            #expect(loose.map(\.image) == [audit.digest])
        }
    }

    private static let code = [UInt8](repeating: 0x90, count: 5000)

    /// An altered copy for macOS or Windows, the released file, and the identity that they share.
    private static let foreign: [(name: String, altered: [UInt8], released: [UInt8])] = [
        (
            "darwin", ForeignImage.machO(uuid: [UInt8](1...16), code: code, go: [2]),
            ForeignImage.machO(uuid: [UInt8](1...16), code: code, go: [1])
        ),
        (
            "windows", ForeignImage.portable(id: [UInt8](1...20), code: code, go: [2]),
            ForeignImage.portable(id: [UInt8](1...20), code: code, go: [1])
        ),
        (
            "a slice of a universal file",
            ForeignImage.machO(uuid: [UInt8](1...16), code: code, go: [2]),
            ForeignImage.universal([
                ForeignImage.machO(uuid: [UInt8](17...32), code: [0x91] + code, go: []),
                ForeignImage.machO(uuid: [UInt8](1...16), code: code, go: [1]),
            ])
        ),
    ]

    @Test("an image with altered programs for other systems", arguments: foreign)
    func otherSystems(_ name: String, _ altered: [UInt8], _ released: [UInt8]) throws {
        try AuditFixture.with { fixture in
            let path = fixture.directory + "/released"
            try Data(released).write(to: URL(fileURLWithPath: path))
            let release = try ReleaseKey(parsing: "tool@1")
            var request = PutRequest(source: .path(path), name: release.name, version: release.version)
            request.platform = .any
            _ = try fixture.store.put([request])
            let readings = LayerReadings(store: fixture.store, version: "test")
            // The second time the layer's reading is there.
            for _ in 1...2 {
                let audit = try fixture.audit(
                    TestImage {
                        $0.file("usr/bin/agent", AuditFixture.agent("1.2.3", "amd64").bytes, mode: 0o755)
                        // A Java class begins as a universal file does.
                        $0.file("srv/A.class", [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 65, 1, 2, 3, 4])
                        $0.file("srv/download", altered)
                    }
                ) { $0.readings = readings }
                let finding = try #require(audit.allFindings.first { $0.code == .altered })
                #expect(finding.path?.description == "/srv/download")
                #expect(finding.message.hasPrefix("its code is that of tool 1"), "\(finding.message)")
                #expect(audit.verdict == .mismatch)
                #expect(audit.platforms.flatMap(\.programs.keys) == [Digest.of(altered)])
                try fixture.store.recordAudit(AuditRecord(audit))
            }
            let near = try #require(try fixture.store.images(near: Digest.of(released)).first)
            #expect(near.nearness?.evidence == ["same code", "same build-id"])
            #expect(String(decoding: near.path, as: UTF8.self) == "/srv/download")
        }
    }

    private static func goProgram(_ version: String, _ revision: String) -> TestProgram {
        var program = TestProgram(code: version, text: version)
        program.goBuild = (
            "go1.22.5",
            "path\texample.org/tool/cmd\nmod\texample.org/tool\t\(version)\t\nbuild\tvcs.revision=\(revision)\n"
        )
        return program
    }

    @Test func anotherBuildOfAGoProgramIsToldByItsPackage() throws {
        try AuditFixture.with { fixture in
            let program = Self.goProgram("v1.2.3", "4a5e1e4baab89f3a32518a88c31bc87f618f7667")
            try Self.put(program, "tool@1.2.3", in: fixture)
            let other = Self.goProgram("v1.2.4", "b0b5b0b5b0b5b0b5").bytes
            let audit = try fixture.audit(TestImage { $0.file("opt/other", other, mode: 0o755) })
            let finding = try #require(audit.allFindings.first { $0.code == .otherBuild })
            let expected =
                "it is another build of tool 1.2.3 linux/amd64; Go package example.org/tool/cmd, "
                + "v1.2.4 at b0b5b0b5b0b5 by go1.22.5, the release is v1.2.3 at 4a5e1e4baab8 by go1.22.5; other"
            #expect(finding.message.hasPrefix(expected), "\(finding.message)")
            #expect(audit.verdict == .unknown)
            try fixture.store.recordAudit(AuditRecord(audit))
            let near = try fixture.store.images(near: Digest.of(program.bytes))
            #expect(near.map(\.nearness?.evidence) == [["same Go package"]])
        }
    }

    @Test func aPackedProgramIsToldByItsUnpackedSize() throws {
        try AuditFixture.with { fixture in
            let size = UInt32(AuditFixture.agent("1.2.3", "amd64").bytes.count)
            var bytes = TestProgram(code: "stub").bytes
            let header = Array("UPX!".utf8) + [0, 0, 0, 0, 0, 0, 0, 0] + (0..<4).map { UInt8(size >> (8 * $0) & 0xFF) }
            bytes.replaceSubrange(220..<236, with: header)
            let audit = try fixture.audit(TestImage { $0.file("usr/bin/agent", bytes, mode: 0o755) })
            let finding = try #require(audit.allFindings.first { $0.code == .packed })
            #expect(finding.message == "UPX has packed it from \(size) bytes, the size of agent 1.2.3 linux/amd64")
        }
    }

    @Test func storesSayHowManyOfTheirImagesWereNotAudited() throws {
        try AuditFixture.with { fixture in
            let image = AuditFixture.image()
            try image.write(layout: fixture.directory + "/image")
            let source = try LayoutSource(directory: fixture.directory + "/image", tag: nil)
            _ = try ImageCopy.run(
                from: source,
                to: StoreDestination(store: fixture.store, references: [ImageReference(parsing: "agent:1")])
            )
            let before = try fixture.store.unauditedImageCount()
            try fixture.store.recordAudit(AuditRecord(try Auditor(store: fixture.store).audit(source)))
            let after = try fixture.store.unauditedImageCount()
            #expect(before == 1)
            #expect(after == 0)
        }
    }
}
