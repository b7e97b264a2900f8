import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import TestSupport
import Testing

/// Files of releases that were removed.
@Suite struct WithdrawnReleaseTests {
    private static let release = "agent@1.2.3"

    private static func remove(_ release: String = release, reason: String?, in store: Store) throws {
        _ = try store.remove(try ReleaseKey(parsing: release), reason: reason)
    }

    private static func put(_ release: String, in fixture: AuditFixture) throws {
        let key = try ReleaseKey(parsing: release)
        let path = "\(fixture.directory)/put-\(UUID().uuidString)"
        try Data(AuditFixture.agent("1.2.3", "amd64").bytes).write(to: URL(fileURLWithPath: path))
        let file = PutRequest(source: .path(path), name: key.name, version: key.version, fileName: "agent", mode: 0o755)
        _ = try fixture.store.put([file])
    }

    @Test func itsFileIsJudgedAsIfItWereThereAndRefused() throws {
        try AuditFixture.with { fixture in
            try Self.remove(reason: "wrong\nbinary", in: fixture.store)
            let audit = try fixture.audit(AuditFixture.image())
            #expect(audit.verdict == .exact)
            #expect(audit.codes == [.withdrawn])
            let finding = try #require(audit.allFindings.first)
            #expect(finding.message == #"it is agent 1.2.3 linux/amd64, removed 1970-01-01: wrong\nbinary"#)
            #expect(finding.path?.description == "/usr/bin/agent")
            #expect(finding.severity == .error)
            #expect(!audit.isAcceptable(exact: false))
            let digest = try #require(audit.digest)
            try fixture.store.recordAudit(AuditRecord(audit))
            let answer = try PullGate(store: fixture.store).evaluate(digest)
            #expect(!answer.isAllowed)
            #expect(answer.reason.contains("BND061"))
        }
    }

    @Test func anotherFileUnderItsNameIsAMismatchAsBefore() throws {
        try AuditFixture.with { fixture in
            try Self.remove(reason: nil, in: fixture.store)
            #expect(try fixture.audit(AuditFixture.image("1.2.4")).verdict == .mismatch)
            let other = try fixture.audit(AuditFixture.image("1.2.2"))
            #expect(other.allFindings.isEmpty)
            let expected = try ReleaseKey(parsing: "agent@1.2.2")
            let platform = try fixture.audit(AuditFixture.image()) { $0.expected = [expected] }
            #expect(platform.verdict == .mismatch)
        }
    }

    @Test func whatAStandingReleaseExplainsIsNotWithdrawn() throws {
        try AuditFixture.with { fixture in
            try Self.put("agent@1.2.3+again", in: fixture)
            try Self.remove(reason: nil, in: fixture.store)
            let audit = try fixture.audit(AuditFixture.image())
            #expect(audit.allFindings.isEmpty)
            #expect(audit.isAcceptable(exact: true))
        }
    }

    @Test func whatWasPutAgainIsNotWithdrawn() throws {
        try AuditFixture.with { fixture in
            try Self.remove(reason: nil, in: fixture.store)
            try Self.put(Self.release, in: fixture)
            #expect(try fixture.audit(AuditFixture.image()).allFindings.isEmpty)
        }
    }

    @Test func whatWasRemovedAsHarmlessIsANote() throws {
        try AuditFixture.with { fixture in
            _ = try fixture.store.remove(try ReleaseKey(parsing: Self.release), reason: "renamed", isHarmless: true)
            let audit = try fixture.audit(AuditFixture.image())
            #expect(audit.verdict == .exact)
            #expect(audit.codes == [.expired])
            #expect(audit.isAcceptable(exact: true))
            try fixture.store.recordAudit(AuditRecord(audit))
            #expect(try PullGate(store: fixture.store).evaluate(try #require(audit.digest)).isAllowed)
        }
    }

    @Test func whatRetentionRemovedIsANote() throws {
        try AuditFixture.with { fixture in
            try Self.remove(reason: "retention: old", in: fixture.store)
            let audit = try fixture.audit(AuditFixture.image())
            #expect(audit.verdict == .exact)
            #expect(audit.codes == [.expired])
            #expect(audit.isAcceptable(exact: true))
        }
    }

    @Test func aRemovalByAPersonCountsBeforeOneByRetention() throws {
        try AuditFixture.with { fixture in
            try Self.put("agent@1.2.3+again", in: fixture)
            try Self.remove(reason: "retention: old", in: fixture.store)
            try Self.remove("agent@1.2.3+again", reason: "broken", in: fixture.store)
            #expect(try fixture.audit(AuditFixture.image()).codes == [.withdrawn])
        }
    }

    @Test func anAuditMadeAgainAfterTheRemovalSaysSo() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            try store.recordAudit(AuditRecord(try fixture.audit(AuditFixture.image())))
            try Self.remove(reason: "wrong binary", in: store)
            guard case .changed(let audit)? = try Reaudit(store: store).run().first?.outcome else {
                Issue.record("the removal is a change")
                return
            }
            #expect(audit.verdict == .exact)
            #expect(audit.codes == [.withdrawn])
            let again = try #require(try Reaudit(store: store).run().first)
            guard case .unchanged = again.outcome else {
                Issue.record("nothing has changed since")
                return
            }
            #expect(!again.isAcceptable(exact: false))
            try Self.put(Self.release, in: fixture)
            #expect(try #require(try Reaudit(store: store).run().first).isAcceptable(exact: true))
        }
    }
    /// Puts a program, a license and an empty file, and removes them all.
    private static func removeTool(in fixture: AuditFixture, program: Bool = true) throws {
        let key = try ReleaseKey(parsing: "tool@1")
        var files = [("LICENSE", license), ("empty", [])]
        if program { files.append(("tool", TestProgram(code: "tool").bytes)) }
        _ = try fixture.store.put(
            try files.map { name, bytes in
                let path = "\(fixture.directory)/tool-\(name)"
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                var file = PutRequest(source: .path(path), name: key.name, version: key.version, fileName: name)
                file.path = try ReleasePath(parsing: name)
                if name != "tool" { file.platform = .any }
                return file
            }
        )
        try remove("tool@1", reason: "broken", in: fixture.store)
    }

    @Test("a removed release explains its files together, also those that another release has as well")
    func oneProgramStandsElsewhere() throws {
        try AuditFixture.with { fixture in
            let (tool, helper) = (TestProgram(code: "tool").bytes, TestProgram(code: "helper").bytes)
            func put(_ release: String, _ files: [(String, [UInt8])]) throws {
                let key = try ReleaseKey(parsing: release)
                _ = try fixture.store.put(
                    try files.map { name, bytes in
                        let path = "\(fixture.directory)/\(key.version)-\(name)"
                        try Data(bytes).write(to: URL(fileURLWithPath: path))
                        var file = PutRequest(source: .path(path), name: key.name, version: key.version, fileName: name)
                        file.path = try ReleasePath(parsing: name)
                        file.mode = 0o755
                        return file
                    }
                )
            }
            try put("tool@1.1.0", [("tool", tool), ("helper", helper)])
            try put("tool@1.2.0", [("tool", tool)])
            try Self.remove("tool@1.1.0", reason: "broken", in: fixture.store)
            var image = AuditFixture.image()
            image.layer { layer in
                layer.file("usr/bin/tool", tool, mode: 0o755)
                layer.file("usr/bin/helper", helper, mode: 0o755)
            }
            let audit = try fixture.audit(image)
            #expect(audit.verdict == .exact)
            #expect(
                audit.allFindings.map { "\($0.code.rawValue) \($0.path?.description ?? "")" } == [
                    "BND061 /usr/bin/helper"
                ]
            )
        }
    }

    private static let license = Array("Permission is hereby granted, free of charge".utf8)

    @Test func bytesThatAreEverywhereAreNoEvidence() throws {
        try AuditFixture.with { fixture in
            try Self.removeTool(in: fixture)
            var image = AuditFixture.image()
            image.layer { layer in
                layer.file("usr/share/doc/other/copyright", Self.license)
                layer.file("etc/empty", [])
            }
            let audit = try fixture.audit(image)
            #expect(!audit.codes.contains(.withdrawn))
            #expect(audit.isAcceptable(exact: false))
            image.layer { $0.file("usr/bin/tool", TestProgram(code: "tool").bytes, mode: 0o755) }
            let withdrawn = try fixture.audit(image).allFindings.filter { $0.code == .withdrawn }
            let paths = withdrawn.compactMap { $0.path?.description }
            #expect(paths.contains { $0.contains("/usr/bin/tool") } && paths.contains { $0.contains("copyright") })
            #expect(!paths.contains { $0.contains("empty") })
        }
    }

    @Test func aReleaseWithoutProgramsIsWithdrawnByItsFiles() throws {
        try AuditFixture.with { fixture in
            try Self.removeTool(in: fixture, program: false)
            var image = AuditFixture.image()
            image.layer { $0.file("usr/share/LICENSE", Self.license) }
            #expect(try fixture.audit(image).codes.contains(.withdrawn))
        }
    }

    @Test func imagesThatWereAuditedBeforeARemovalAreKnown() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            let audit = try fixture.audit(AuditFixture.image())
            let other = try fixture.audit(AuditFixture.image("1.2.2"))
            for audit in [audit, other] { try store.recordAudit(AuditRecord(audit)) }
            #expect(try store.imagesWithWithdrawn().isEmpty)
            try Self.remove(reason: "wrong binary", in: store)
            #expect(try store.imagesWithWithdrawn() == Set([audit.digest].compactMap { $0 }))
            try Self.put(Self.release, in: fixture)
            #expect(try store.imagesWithWithdrawn().isEmpty)
        }
    }
}
