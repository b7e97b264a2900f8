import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import TestSupport
import Testing

/// The release is chosen for the image: the one that explains all platforms, whatever is released before or later.
@Suite struct ReleaseForImageTests {
    private static func put(
        _ bytes: [UInt8],
        _ release: String,
        _ platform: String,
        in fixture: AuditFixture
    ) throws {
        let key = try ReleaseKey(parsing: release)
        let path = "\(fixture.directory)/put-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        _ = try fixture.store.put([
            PutRequest(
                source: .path(path),
                name: key.name,
                version: key.version,
                platform: try ArtifactPlatform(parsing: platform),
                fileName: key.name.lastComponent,
                mode: 0o755
            )
        ])
    }

    private static func agent(_ version: String, _ architecture: String) -> [UInt8] {
        AuditFixture.agent(version, architecture).bytes
    }

    private static let images = [AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")]

    private static func releases(_ audit: ImageAudit) -> [[String]] {
        audit.platforms.map { $0.releases.filter { $0.name.text == "agent" }.map(\.version.text) }
    }

    @Test func aPlatformThatIsTheSameInTheNextReleaseChangesNothing() throws {
        try AuditFixture.with { fixture in
            let before = try fixture.audit(Self.images)
            #expect(before.verdict == .exact)
            try fixture.store.recordAudit(AuditRecord(before))
            try Self.put(Self.agent("1.2.4", "amd64"), "agent@1.2.4", "linux/amd64", in: fixture)
            try Self.put(Self.agent("1.2.3", "arm64"), "agent@1.2.4", "linux/arm64", in: fixture)

            let audit = try fixture.audit(Self.images)
            #expect(audit.verdict == .exact)
            #expect(Self.releases(audit) == [["1.2.3"], ["1.2.3"]])
            #expect(audit.platforms[1].files.last?.artifacts.first?.key.version.text == "1.2.3")
            #expect(try Reaudit(store: fixture.store).run().first?.verdict == .exact)
            #expect(try PullGate(store: fixture.store, isExact: true).evaluate(#require(audit.digest)).isAllowed)

            let next = try fixture.audit([AuditFixture.image("1.2.4"), AuditFixture.image("1.2.3", "arm64")])
            #expect(next.verdict == .exact)
            #expect(Self.releases(next) == [["1.2.4"], ["1.2.4"]])
        }
    }

    @Test func allReleasesThatExplainTheImageAreNamed() throws {
        try AuditFixture.with { fixture in
            for architecture in ["amd64", "arm64"] {
                try Self.put(Self.agent("1.2.3", architecture), "agent@1.2.4", "linux/\(architecture)", in: fixture)
            }
            let audit = try fixture.audit(Self.images)
            #expect(audit.verdict == .exact)
            #expect(Self.releases(audit) == [["1.2.3", "1.2.4"], ["1.2.3", "1.2.4"]])
            for version in ["1.2.3", "1.2.4"] {
                let expected = try ReleaseKey(parsing: "agent@\(version)")
                let asked = try fixture.audit(Self.images) { $0.expected = [expected] }
                #expect(asked.verdict == .exact)
                #expect(Self.releases(asked) == [[version], [version]])
            }
            let policy = try Policy(parsing: "minimum-versions:\n  agent: 1.2.4\n")
            #expect(try audit.held(to: policy, store: fixture.store).isAcceptable(exact: true))
        }
    }

    @Test func theSameBytesUnderAnotherNameChangeNothing() throws {
        try AuditFixture.with { fixture in
            try Self.put(Self.agent("1.2.3", "amd64"), "lite@1", "linux/amd64", in: fixture)
            try Self.put(Self.agent("1.2.3", "arm64"), "lite@2", "linux/arm64", in: fixture)
            let audit = try fixture.audit(Self.images)
            #expect(audit.verdict == .exact)
            #expect(audit.platforms.map { $0.releases.map(\.description) }[1] == ["agent@1.2.3", "ca-bundle@1"])
        }
    }

    @Test func noReleaseThatExplainsAllPlatformsIsAMismatch() throws {
        try AuditFixture.with { fixture in
            try Self.put(Self.agent("1.2.2", "arm64"), "agent@1.2.1", "linux/arm64", in: fixture)
            let audit = try fixture.audit([AuditFixture.image(), AuditFixture.image("1.2.2", "arm64")])
            #expect(audit.verdict == .mismatch)
            let finding = try #require(audit.findings.first { $0.code == .releasesDiffer })
            #expect(finding.found == "1.2.3 on linux/amd64, 1.2.1 on linux/arm64, 1.2.2 on linux/arm64")
        }
    }
}
