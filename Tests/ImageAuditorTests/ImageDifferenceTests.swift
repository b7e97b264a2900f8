import ArtifactStore
import ImageAuditor
import ImageFileSystem
import Release
import TestSupport
import Testing

@Suite struct ImageDifferenceTests {
    @Test func releasesComeFirstThenFiles() throws {
        try AuditFixture.with { fixture in
            var newer = AuditFixture.image("1.2.3")
            newer.layer { layer in
                layer.file("etc/motd", "hello")
                layer.file("etc/ca.pem", AuditFixture.bundle, mode: 0o600)
            }
            let difference = ImageDifference(
                from: try fixture.audit(AuditFixture.image("1.2.2")),
                to: try fixture.audit(newer)
            )
            #expect(
                difference.releases.map { "\($0.name) \($0.before?.text ?? "-") \($0.after?.text ?? "-")" } == [
                    "agent 1.2.2 1.2.3", "ca-bundle 1 1",
                ]
            )
            #expect(
                difference.files.map { "\($0.kind.rawValue) \($0.path)" } == [
                    "mode /etc/ca.pem", "added /etc/motd", "content /usr/bin/agent",
                ]
            )
            #expect(!difference.isEmpty)
        }
    }

    @Test func anImageDoesNotDifferFromItself() throws {
        try AuditFixture.with { fixture in
            let audit = try fixture.audit([AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")])
            #expect(ImageDifference(from: audit, to: audit).isEmpty)
            let one = try fixture.audit(AuditFixture.image())
            #expect(ImageDifference(from: audit, to: one).platformsRemoved == ["linux/arm64"])
        }
    }
}
