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

/// `bindery audit --again`: recorded audits made anew from the index alone.
@Suite struct ReauditTests {
    private static func put(_ bytes: [UInt8], _ release: String, in fixture: AuditFixture, file: String? = nil) throws {
        let key = try ReleaseKey(parsing: release)
        let path = "\(fixture.directory)/put-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        _ = try fixture.store.put([
            PutRequest(
                source: .path(path),
                name: key.name,
                version: key.version,
                fileName: file ?? key.name.lastComponent,
                mode: 0o755
            )
        ])
    }

    private static func changed(_ items: [ReauditedImage]) -> [ImageAudit] {
        items.compactMap { if case .changed(let audit) = $0.outcome { audit } else { nil } }
    }

    @Test func aLaterPutTurnsAnUnknownFileIntoAReleasedOne() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            let late = AuditFixture.agent("1.3.0", "amd64").bytes
            let image = try fixture.audit(AuditFixture.image("1.3.0"))
            #expect(image.verdict == .mismatch, "its program is named like a released one")
            try store.recordAudit(AuditRecord(image))
            try store.recordAudit(AuditRecord(try fixture.audit(AuditFixture.image())))
            #expect(Self.changed(try Reaudit(store: store).run()).isEmpty)

            try Self.put(late, "agent@1.3.0", in: fixture)
            let items = try Reaudit(store: store).run()
            let changed = try #require(Self.changed(items).first)
            #expect(items.count == 2)
            #expect(changed.digest == image.digest)
            #expect(changed.verdict == .exact)
            #expect(changed.platforms[0].releases.map(\.description) == ["agent@1.3.0", "ca-bundle@1"])
            #expect(changed.allFindings.isEmpty)
            let words = items.compactMap { $0.change?.description }
            #expect(words == ["gone BND020, BND028, BND042; agent@1.3.0, ca-bundle@1"])
            let seen = try store.images(holding: [Digest.of(late)])
            #expect(seen.map(\.verdict) == ["exact"])
            #expect(try store.latestEvents(limit: 1).first?["digest"] == image.digest?.description)
            // What it says now is recorded: there is nothing to change any more.
            #expect(Self.changed(try Reaudit(store: store).run()).isEmpty)
        }
    }

    @Test func aRemovalOrALaterReleaseIsNoticed() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            let release = try ReleaseKey(parsing: "agent@1.2.3")
            let audit = try fixture.audit(AuditFixture.image()) { $0.expected = [release] }
            try store.recordAudit(AuditRecord(audit))
            _ = try store.remove(release)
            guard case .impossible? = try Reaudit(store: store).run().first?.outcome else {
                Issue.record("the release that was expected is gone")
                return
            }

            let other = try fixture.audit(AuditFixture.image("1.2.2", "arm64"))
            try store.recordAudit(AuditRecord(other))
            _ = try store.remove(try ReleaseKey(parsing: "agent@1.2.2"))
            let items = try Reaudit(store: store).run([try #require(other.digest).description])
            #expect(Self.changed(items).map(\.verdict) == [.exact])
            #expect(Self.changed(items).map(\.codes) == [[.withdrawn]])
            #expect(throws: AuditError.self) { try Reaudit(store: store).run(["nobody:1"]) }
        }
    }

    @Test func whatBecomesOfAnExpectedReleaseIsNoticedInImagesThatHoldNothingOfIt() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            let release = try ReleaseKey(parsing: "extra@1")
            try Self.put(AuditFixture.agent("9.9.9", "amd64").bytes, "extra@1", in: fixture)
            let audit = try fixture.audit(AuditFixture.image()) { $0.expected = [release] }
            try store.recordAudit(AuditRecord(audit))
            #expect(Self.changed(try Reaudit(store: store).run()).isEmpty)
            _ = try store.remove(release)
            guard case .impossible? = try Reaudit(store: store).run().first?.outcome else {
                Issue.record("the release that was expected is gone")
                return
            }
        }
    }

    @Test func anAlteredCopyIsFoundWhenItsOriginalIsPutLater() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            var program = TestProgram(code: "late", buildID: Array("0123456789abcdefghij".utf8), text: "late")
            let original = program.bytes
            program.hasSymbols = false
            let altered = program.bytes
            let audit = try fixture.audit(TestImage { $0.file("opt/helper", altered, mode: 0o755) })
            #expect(audit.verdict == .unknown)
            try store.recordAudit(AuditRecord(audit))
            try Self.put(original, "late@1", in: fixture)
            let again = try #require(Self.changed(try Reaudit(store: store).run()).first)
            #expect(again.verdict == .mismatch)
            #expect(again.codes.contains(.altered))
        }
    }

    @Test func aPolicyIsHeldToAgain() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            let text = "verdict: exact\nminimum-versions:\n  agent: 1.2.3\n"
            let policy = try Policy(parsing: text)
            let audit = try fixture.audit(AuditFixture.image("1.2.4")).held(to: policy, store: store, text: text)
            #expect(audit.codes.contains(.policy))
            try store.recordAudit(AuditRecord(audit))
            try Self.put(AuditFixture.agent("1.2.4", "amd64").bytes, "agent@1.2.4", in: fixture)
            let again = try #require(Self.changed(try Reaudit(store: store).run()).first)
            #expect(again.codes.isEmpty)
        }
    }

    /// All that an audit can see in an image, so that each must survive being recorded.
    private static func eventful() -> [TestImage] {
        var image = AuditFixture.image()
        image.layer { layer in
            layer.file("usr/bin/agent", TestProgram(code: "evil").bytes, mode: 0o755)
            layer.file("etc/ld.so.preload", "/opt/evil.so\n")
            layer.file("etc/ld.so.conf", "/opt/lib\n")
            layer.file("bin/su", TestProgram(code: "su").bytes, mode: 0o4755)
            layer.file("bin/ping", "x", mode: 0o755)
            layer.file("start", "#!/bin/sh\nexec agent\n", mode: 0o755)
            layer.symbolicLink("link", to: "start")
            layer.symbolicLink("bin/sh", to: "../opt/nowhere")
            layer.directory("empty")
            layer.add("dev/sda", "4", device: (8, 0))
            layer.file("etc/.wh.ca.pem", [])
            layer.hardLink("bin/agent2", to: "usr/bin/agent")
            layer.file("opt/cap", [1], pax: [("SCHILY.xattr.security.capability", [1, 0, 0, 2])])
            layer.add("bad", "Z")
        }
        image.execution = ["Entrypoint": ["/link"], "Env": ["LD_LIBRARY_PATH=/opt"], "WorkingDir": "/empty"]
        var other = AuditFixture.image("1.2.2", "arm64")
        other.execution = ["Cmd": ["agent"], "Env": ["PATH=/nothing:/usr/bin"]]
        var directory = AuditFixture.image("1.2.3", "s390x")
        directory.layer { $0.directory("empty") }
        directory.execution = ["Entrypoint": ["/empty"]]
        directory.indexArchitecture = "riscv64"
        return [image, other, directory]
    }

    @Test func whatIsRecordedIsEnoughToSayTheSame() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            let audit = try fixture.audit(Self.eventful())
            try store.recordAudit(AuditRecord(audit))
            // A change that concerns the image and changes nothing: all of it is evaluated again.
            try Self.put(TestProgram(code: "x").bytes, "agent@0.0.1", in: fixture)
            _ = try store.remove(try ReleaseKey(parsing: "agent@0.0.1"))
            let recorded = try #require(try store.recordedAudits().audits.first)
            #expect(recorded.lastTouched > recorded.event)
            let item = try #require(try Reaudit(store: store).run().first)
            guard case .unchanged = item.outcome else {
                let again = Self.changed([item])[0].allFindings.map { "\($0)" }
                let before = audit.allFindings.map { "\($0)" }
                Issue.record("\(again.filter { !before.contains($0) }) \(before.filter { !again.contains($0) })")
                return
            }
        }
    }

    @Test func aBaseThatComesLaterMakesItsFilesKnown() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            let base = TestImage { $0.file("bin/sh", TestProgram(code: "shell").bytes, mode: 0o755) }
            try base.write(layout: fixture.directory + "/base")
            var image = AuditFixture.image()
            image.layers.insert(base.layers[0], at: 0)
            let audit = try fixture.audit(image)
            #expect(audit.verdict == .contains)
            try store.recordAudit(AuditRecord(audit))
            let root = try ImageCopy.run(
                from: LayoutSource(directory: fixture.directory + "/base", tag: nil),
                to: StoreDestination(store: store, references: [ImageReference(parsing: "base:1")])
            )
            try store.markBases(KnownBase.marks(root.digest, in: store, reason: "a test"))
            #expect(Self.changed(try Reaudit(store: store).run()).map(\.verdict) == [.exact])
        }
    }
}
