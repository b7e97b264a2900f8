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
            let facts = try program.bytes.withUnsafeBytes { try BinaryFacts.read($0) }
            #expect(try fixture.store.images(near: Digest.of("loose"), facts: facts).map(\.image) == [audit.digest])
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
