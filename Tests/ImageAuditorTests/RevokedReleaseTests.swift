import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import TestSupport
import Testing

/// Files and images that were revoked.
@Suite struct RevokedReleaseTests {
    private static func revoke(
        _ subject: String = "agent@1.2.3",
        _ level: Revocation.Level = .denied,
        in store: Store
    ) throws {
        let subject: Revocation.Subject =
            subject.hasPrefix("sha256:")
            ? .bytes(try Digest(parsing: subject)) : .release(try ReleaseKey(parsing: subject))
        let time = Timestamp(milliseconds: 1)
        _ = try store.revoke(
            Revocation(subject, level, reason: "a\nleak", advisory: "https://example.com/1", at: time, by: "ci")
        )
    }

    private static func digest(_ version: String = "1.2.3") -> String {
        Digest.of(AuditFixture.agent(version, "amd64").bytes).description
    }

    @Test(arguments: [Revocation.Level.warned, .denied])
    func aFileOfARevokedReleaseIsNamed(_ level: Revocation.Level) throws {
        try AuditFixture.with { fixture in
            try Self.revoke("agent@1.2.3", level, in: fixture.store)
            let audit = try fixture.audit(AuditFixture.image())
            #expect(audit.verdict == .exact, "a verdict is about the bytes")
            #expect(audit.codes == [level == .denied ? .denied : .revoked])
            let finding = try #require(audit.allFindings.first)
            let text = #"it is agent 1.2.3 linux/amd64, revoked 1970-01-01: a\nleak (https://example.com/1)"#
            #expect(finding.message == text)
            #expect(finding.path?.description == "/usr/bin/agent")
            #expect(audit.isAcceptable(exact: true) == (level == .warned))
            try fixture.store.recordAudit(AuditRecord(audit))
            let answer = try PullGate(store: fixture.store).evaluate(try #require(audit.digest))
            #expect(answer.isAllowed == (level == .warned))
            #expect(answer.reason.contains("1.2.3 linux/amd64, revoked"), "a gate says so even where it allows")
            #expect(try fixture.store.imagesWithWithdrawn().isEmpty == (level == .warned))
            #expect(try fixture.audit(AuditFixture.image("1.2.2")).allFindings.isEmpty)
        }
    }

    @Test func bytesAreRevokedWhereverTheyStand() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { $0.file("opt/notes", Array("notes of nobody, which no release has".utf8)) }
            let notes = Digest.of(Array("notes of nobody, which no release has".utf8)).description
            try Self.revoke(notes, in: fixture.store)
            let audit = try fixture.audit(image)
            #expect(audit.codes == [.denied])
            #expect(audit.allFindings.first { $0.code == .denied }?.path?.description == "/opt/notes")
            try Self.revoke(notes, .lifted, in: fixture.store)
            #expect(try fixture.audit(image).codes.isEmpty)
        }
    }

    @Test func aFileOfTheBaseIsRevoked() throws {
        try AuditFixture.with { fixture in
            let base = try fixture.audit(AuditFixture.image())
            let layers = try #require(base.platforms.first?.layers.map(\.diffID))
            try Self.revoke(in: fixture.store)
            var image = AuditFixture.image()
            image.layer { $0.file("etc/more.pem", AuditFixture.bundle) }
            let audit = try fixture.audit(image) { options in
                options.bases = [KnownBase(name: "base", digest: .of([1]), diffIDs: layers)]
            }
            #expect(audit.platforms.first?.base?.name == "base")
            #expect(audit.codes.contains(.denied))
            #expect(!audit.isAcceptable(exact: false))
        }
    }

    @Test func anImageIsRevokedByItsOwnDigest() throws {
        try AuditFixture.with { fixture in
            let images = [AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")]
            let audit = try fixture.audit(images)
            #expect(audit.allFindings.isEmpty)
            try fixture.store.recordAudit(AuditRecord(audit))
            try Self.revoke("\(try #require(audit.digest))", in: fixture.store)
            #expect(try fixture.audit(images).codes == [.denied])
            let again = try Reaudit(store: fixture.store).run()
            #expect(again.map { $0.isAcceptable(exact: false) } == [false])
            try Self.revoke("\(audit.platforms[1].manifest)", .warned, in: fixture.store)
            let found = try fixture.audit(images).allFindings.filter { $0.code == .revoked }
            #expect(found.map(\.platform) == ["linux/arm64"])
        }
    }

    @Test(arguments: [true, false])
    func aRecordedAuditFollowsTheMark(byDigest: Bool) throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            try store.recordAudit(AuditRecord(try fixture.audit(AuditFixture.image())))
            let reaudit = Reaudit(store: store)
            #expect(try reaudit.run().map { $0.isAcceptable(exact: true) } == [true])
            let subject = byDigest ? Self.digest() : "agent@1.2.3"
            try Self.revoke(subject, in: store)
            #expect(try reaudit.run().map { $0.isAcceptable(exact: true) } == [false])
            #expect(try reaudit.run().map { $0.isAcceptable(exact: true) } == [false], "unchanged, it is refused still")
            try Self.revoke(subject, .lifted, in: store)
            #expect(try reaudit.run().map { $0.isAcceptable(exact: true) } == [true])
        }
    }

    @Test func anAlteredCopyOfARevokedProgramSaysSo() throws {
        try AuditFixture.with { fixture in
            try Self.revoke("agent@1.2.3", .warned, in: fixture.store)
            var program = AuditFixture.agent("1.2.3", "amd64")
            program.text = "another text"
            var image = TestImage { $0.file("agent", program.bytes, mode: 0o755) }
            image.execution = ["Entrypoint": ["/agent"]]
            let audit = try fixture.audit(image)
            let near = try #require(audit.allFindings.first { [.altered, .otherBuild].contains($0.code) })
            #expect(near.message.hasSuffix(#"; agent@1.2.3 was revoked 1970-01-01: a\nleak (https://example.com/1)"#))
        }
    }
}
