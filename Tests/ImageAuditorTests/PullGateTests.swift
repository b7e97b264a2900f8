import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import OCI
import TestSupport
import Testing

/// What isn't audited isn't passed: a record speaks for what was read, by the rules of its time.
@Suite struct PullGateTests {
    private static let honest = [AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")]

    private static func tampered(_ architecture: String = "arm64") -> TestImage {
        var image = AuditFixture.image("1.2.3", architecture)
        image.layer { $0.file("usr/bin/agent", TestProgram(code: "evil").bytes, mode: 0o755) }
        return image
    }

    private static func evaluate(
        _ digest: Digest?,
        _ fixture: AuditFixture,
        accepted: Int? = nil
    ) throws -> (Bool, String) {
        let answer = try PullGate(store: fixture.store, acceptedRules: accepted).evaluate(#require(digest))
        return (answer.isAllowed, answer.reason)
    }

    /// Records an audit as one that other rules made, or at another event.
    private static func record(
        _ audit: ImageAudit,
        rules: Int,
        parts: Int? = nil,
        event: Int64? = nil,
        in fixture: AuditFixture
    ) throws {
        var record = try AuditRecord(audit)
        record.rules = rules
        for position in record.manifests.indices { record.manifests[position].rules = parts ?? rules }
        if let event { record.event = event }
        try fixture.store.recordAudit(record)
    }

    private static func audit(
        _ images: [TestImage],
        _ fixture: AuditFixture,
        only architecture: String? = nil
    ) throws -> ImageAudit {
        let platform = try architecture.map { try Platform(parsing: "linux/\($0)") }
        let audit = try fixture.audit(images) { $0.platform = platform }
        try fixture.store.recordAudit(AuditRecord(audit))
        return audit
    }

    @Test func aPartsAuditSpeaksForThePart() throws {
        try AuditFixture.with { fixture in
            let images = [AuditFixture.image(), Self.tampered()]
            let part = try Self.audit(images, fixture, only: "amd64")
            #expect(part.verdict == .exact)
            let (isAllowed, reason) = try Self.evaluate(part.digest, fixture)
            #expect(!isAllowed)
            #expect(reason.hasSuffix("was partly audited: linux/amd64 was read, linux/arm64 was not"))
            #expect(try Self.evaluate(part.platforms[0].manifest, fixture).0, "the part may be pulled")

            let whole = try Self.audit(images, fixture)
            #expect(whole.verdict == .mismatch)
            #expect(try !Self.evaluate(part.digest, fixture).0)
            _ = try Self.audit(images, fixture, only: "amd64")
            let (again, why) = try Self.evaluate(part.digest, fixture)
            #expect(!again, "the whole's audit stands")
            #expect(why.hasPrefix("mismatch"))
            #expect(try !Self.evaluate(whole.platforms[1].manifest, fixture).0)
        }
    }

    @Test func thePartsOfAnIndexMayBeAuditedOneByOne() throws {
        try AuditFixture.with { fixture in
            let part = try Self.audit(Self.honest, fixture, only: "amd64")
            #expect(try !Self.evaluate(part.digest, fixture).0)
            _ = try Self.audit(Self.honest, fixture, only: "arm64")
            let (isAllowed, reason) = try Self.evaluate(part.digest, fixture)
            #expect(isAllowed)
            #expect(reason == "exact: agent@1.2.3, ca-bundle@1")
        }
    }

    @Test func whatTheOtherPartsAuditWasHeldToCounts() throws {
        try AuditFixture.with { fixture in
            let text = "minimum-versions:\n  agent: 2.0.0\n"
            let platform = try Platform(parsing: "linux/amd64")
            let part = try fixture.audit(Self.honest) { $0.platform = platform }
            let held = try part.held(to: Policy(parsing: text), store: fixture.store, text: text)
            try fixture.store.recordAudit(AuditRecord(held))
            _ = try Self.audit(Self.honest, fixture, only: "arm64")
            let (isAllowed, reason) = try Self.evaluate(part.digest, fixture)
            #expect(!isAllowed)
            #expect(reason.contains("BND060"))
        }
    }

    @Test func bothMembersForOnePlatformMustPass() throws {
        try AuditFixture.with { fixture in
            let audit = try Self.audit([AuditFixture.image(), Self.tampered("amd64")], fixture, only: "amd64")
            #expect(audit.verdict == .mismatch)
            #expect(try !Self.evaluate(audit.digest, fixture).0)
        }
    }

    @Test func recordsOfOlderRulesAreNotAccepted() throws {
        try AuditFixture.with { fixture in
            let audit = try Self.audit(Self.honest, fixture)
            #expect(try Self.evaluate(audit.digest, fixture).0)
            let present = AuditRules.current
            let former = present - 1
            try Self.record(audit, rules: former, in: fixture)
            for digest in [try #require(audit.digest), audit.platforms[0].manifest] {
                let (isAllowed, reason) = try Self.evaluate(digest, fixture)
                #expect(!isAllowed)
                #expect(reason.contains("audited by older rules (\(former), these are \(present))"))
                let (isBridged, words) = try Self.evaluate(digest, fixture, accepted: former)
                #expect(isBridged)
                #expect(words.hasSuffix("; audited by older rules (\(former)), which --accept-rules accepts"))
            }
            try Self.record(audit, rules: former - 1, in: fixture)
            #expect(try !Self.evaluate(audit.digest, fixture, accepted: former).0, "older than what is accepted")
            try Self.record(audit, rules: present, parts: former, in: fixture)
            #expect(
                try Self.evaluate(audit.digest, fixture).1.contains("older rules"),
                "the layers were read by older rules"
            )
            try Self.record(audit, rules: present + 1, in: fixture)
            #expect(try Self.evaluate(audit.digest, fixture, accepted: 1).1.contains("newer rules"))
        }
    }

    @Test func aRecordOfOlderRulesIsStaleUntilTheImageIsReadAgain() throws {
        try AuditFixture.with { fixture in
            let layout = fixture.directory + "/stale"
            try TestImage.write(Self.honest, layout: layout)
            func open(_ location: ImageLocation) throws -> any ImageSource {
                try ImageSources.open(location, store: fixture.store, registries: nil)
            }
            let source = try open(ImageLocation(parsing: "oci:\(layout)"))
            let audit = try Auditor(store: fixture.store).audit(source)
            try Self.record(audit, rules: 1, in: fixture)
            let item = try #require(try Reaudit(store: fixture.store).run().first)
            guard case .stale(rules: 1) = item.outcome else {
                Issue.record("stale is expected, it is \(item.outcome)")
                return
            }
            #expect(item.verdict == nil)
            #expect(!item.isAcceptable(exact: false))

            let reader = StaleAudit(store: fixture.store, open: open)
            let read = try reader.read(item, isRecorded: true)
            #expect(read.isAcceptable(exact: true))
            #expect(read.verdict == .exact)
            #expect(try Self.evaluate(audit.digest, fixture).0)
            #expect(try Reaudit(store: fixture.store).run().first?.isAcceptable(exact: true) == true)

            try FileManager.default.removeItem(atPath: layout)
            try TestImage.write([AuditFixture.image("1.2.2")], layout: layout)
            guard case .impossible(let reason) = try reader.read(item, isRecorded: true).outcome else {
                Issue.record("the reference leads to another image")
                return
            }
            #expect(reason.contains("another image"))
        }
    }

    @Test func anImageIsReadAgainWithTheLimitThatItWasReadWith() throws {
        try AuditFixture.with { fixture in
            let layout = fixture.directory + "/limited"
            try AuditFixture.image().write(layout: layout)
            var options = AuditOptions()
            options.largestSize = 100
            let source = try ImageSources.open(ImageLocation(parsing: "oci:\(layout)"), store: nil, registries: nil)
            try Self.record(Auditor(store: fixture.store, options: options).audit(source), rules: 1, in: fixture)
            let item = try #require(try Reaudit(store: fixture.store).run().first)
            let reader = StaleAudit(store: fixture.store) { try ImageSources.open($0, store: nil, registries: nil) }
            #expect(try reader.read(item, isRecorded: false).verdict == .incomplete)
        }
    }

    @Test func aBrokenPolicyReachesTheReaudit() throws {
        try AuditFixture.with { fixture in
            let text = "minimum-versions:\n  agent: 2.0.0\n"
            let audit = try fixture.audit(AuditFixture.image())
            let held = try audit.held(to: Policy(parsing: text), store: fixture.store, text: text)
            try fixture.store.recordAudit(AuditRecord(held))
            let item = try #require(try Reaudit(store: fixture.store).run().first)
            #expect(item.verdict == .exact)
            #expect(!item.isAcceptable(exact: false))
            #expect(try !Self.evaluate(audit.digest, fixture).0)
        }
    }

    @Test func doubtsSurviveInRecords() throws {
        try AuditFixture.with { fixture in
            let audit = try fixture.audit(AuditFixture.image()) { $0.largestSize = 100 }
            #expect(audit.verdict == .incomplete)
            try Self.record(audit, rules: AuditRules.current, event: 0, in: fixture)
            #expect(try Self.evaluate(audit.digest, fixture).1.hasPrefix("incomplete"))
            #expect(try Reaudit(store: fixture.store).run().first?.verdict == .incomplete)
            // Read as a whole it is what it is, whatever was recorded before.
            let whole = try fixture.audit(AuditFixture.image())
            try fixture.store.recordAudit(AuditRecord(whole))
            #expect(try Self.evaluate(whole.digest, fixture).0)
            try fixture.store.recordAudit(AuditRecord(audit))
            #expect(try !Self.evaluate(audit.digest, fixture).0, "nothing is recorded as better than it was read")
        }
    }

    @Test func whatWasNotAuditedIsToldFromTheRest() throws {
        try AuditFixture.with { fixture in
            let digest = Digest.of(Array("nobody".utf8))
            let (isAllowed, reason) = try Self.evaluate(digest, fixture)
            #expect(!isAllowed)
            #expect(reason == "\(digest.short) was not audited")
        }
    }
}
