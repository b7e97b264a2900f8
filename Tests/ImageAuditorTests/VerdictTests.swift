import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import TestSupport
import Testing

/// The four verdicts on images that nobody tampered with.
@Suite struct VerdictTests {
    @Test func onlyReleasedFilesIsExact() throws {
        try AuditFixture.with { fixture in
            let audit = try fixture.audit(AuditFixture.image())
            #expect(audit.verdict == .exact)
            #expect(audit.allFindings.isEmpty)
            #expect(audit.platforms[0].releases.map(\.description) == ["agent@1.2.3", "ca-bundle@1"])
            #expect(audit.platforms[0].files.map(\.path.description) == ["/etc/ca.pem", "/usr/bin/agent"])
            #expect(audit.platforms[0].files.map(\.layer) == [1, 0])
            #expect(audit.platforms[0].entrypoint.map(\.path.description) == ["/usr/bin/agent"])
        }
    }

    @Test func furtherFilesMakeItContains() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { $0.file("etc/motd", "hello") }
            let audit = try fixture.audit(image)
            #expect(audit.verdict == .contains)
            #expect(audit.allFindings.map(\.code) == [.further])
        }
    }

    @Test func nothingReleasedIsUnknown() throws {
        try AuditFixture.with { fixture in
            let audit = try fixture.audit(
                TestImage { $0.file("bin/other", TestProgram(code: "other").bytes, mode: 0o755) }
            )
            #expect(audit.verdict == .unknown)
        }
    }

    @Test func anUntouchedKnownBaseStillIsExact() throws {
        try AuditFixture.with { fixture in
            var base = TestImage { $0.file("bin/sh", TestProgram(code: "shell").bytes, mode: 0o4755) }
            base.architecture = "amd64"
            try base.write(layout: fixture.directory + "/base")
            var image = AuditFixture.image()
            image.layers.insert(base.layers[0], at: 0)
            let known = try KnownBase.read("oci:\(fixture.directory)/base")
            let audit = try fixture.audit(image) { $0.bases = known }
            #expect(audit.verdict == .exact)
            #expect(audit.platforms[0].files.contains { $0.path.description == "/bin/sh" && $0.identity.isBase })
            #expect(try fixture.audit(image).verdict == .contains, "without being told of the base")
        }
    }

    @Test func theSameReleaseOnAllPlatformsIsExact() throws {
        try AuditFixture.with { fixture in
            let audit = try fixture.audit([AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")])
            #expect(audit.verdict == .exact)
            #expect(audit.platforms.map(\.platform) == ["linux/amd64", "linux/arm64"])
        }
    }

    @Test func onePlatformOfAnIndexCanBeChosen() throws {
        try AuditFixture.with { fixture in
            let images = [AuditFixture.image(), AuditFixture.image("1.2.2", "arm64")]
            #expect(try fixture.audit(images).verdict == .mismatch)
            let arm = try Platform(parsing: "linux/arm64")
            #expect(try fixture.audit(images) { $0.platform = arm }.verdict == .exact)
            let other = try Platform(parsing: "linux/s390x")
            #expect(throws: AuditError.self) { try fixture.audit(images) { $0.platform = other } }
        }
    }

    @Test func anExpectedReleaseIsFoundOrMissed() throws {
        try AuditFixture.with { fixture in
            let release = try ReleaseKey(parsing: "agent@1.2.3")
            #expect(try fixture.audit(AuditFixture.image()) { $0.expected = [release] }.verdict == .exact)
            let older = try fixture.audit(AuditFixture.image("1.2.2")) { $0.expected = [release] }
            #expect(older.verdict == .mismatch)
            #expect(older.codes == [.otherRelease])
            let empty = try fixture.audit(TestImage { $0.file("x", "y") }) { $0.expected = [release] }
            #expect(empty.codes == [.missing, .noEntrypoint])
            let nowhere = try ReleaseKey(parsing: "agent@9")
            #expect(throws: AuditError.self) { try fixture.audit(AuditFixture.image()) { $0.expected = [nowhere] } }
        }
    }

    @Test func whiteoutsAndLaterLayersDecideWhatIsThere() throws {
        try AuditFixture.with { fixture in
            var image = TestImage { layer in
                layer.file("usr/bin/agent", TestProgram(code: "draft").bytes, mode: 0o755)
                layer.file("tmp/rubbish", "x")
            }
            image.layer { layer in
                layer.file("tmp/.wh.rubbish", [])
                layer.file("usr/bin/agent", AuditFixture.agent("1.2.3", "amd64").bytes, mode: 0o755)
            }
            image.execution = ["Cmd": ["agent"]]
            let audit = try fixture.audit(image)
            #expect(audit.verdict == .exact)
        }
    }

    @Test func manyPlatformsAtOnceComeInTheirOrder() throws {
        try AuditFixture.with { fixture in
            let names = ["amd64", "arm64", "s390x", "ppc64le", "riscv64", "386", "mips64le", "loong64"]
            let images = names.map { AuditFixture.image("1.2.3", $0) }
            let one = try fixture.audit(images) { $0.width = 1 }
            let many = try fixture.audit(images) { $0.width = 8 }
            #expect(many.platforms.map(\.platform) == names.map { "linux/\($0)" })
            #expect(many.allFindings == one.allFindings)
            #expect(many.verdict == one.verdict)
        }
    }

    @Test func attestationsAreCountedAndNotAudited() throws {
        try AuditFixture.with { fixture in
            var attestation = TestImage { $0.file("statement", "{}") }
            attestation.layers[0].mediaType = "application/vnd.in-toto+json"
            attestation.os = "unknown"
            attestation.indexArchitecture = "unknown"
            let audit = try fixture.audit([AuditFixture.image(), AuditFixture.image("1.2.3", "arm64"), attestation])
            #expect(audit.verdict == .exact)
            #expect(audit.attestationCount == 1)
        }
    }

    @Test func anAuditIsRecordedWithAnEventAndFoundByItsFiles() throws {
        try AuditFixture.with { fixture in
            let store = fixture.store
            let digest = Digest.of(AuditFixture.agent("1.2.3", "amd64").bytes)
            #expect(try store.images(holding: [digest]).isEmpty)
            let before = try store.latestEvents(limit: 100).count
            let audit = try fixture.audit(AuditFixture.image())
            try store.recordAudit(AuditRecord(audit))
            try store.recordAudit(AuditRecord(audit))
            let occurrences = try store.images(holding: [digest, .of(AuditFixture.bundle)])
            #expect(occurrences.count == 2)
            #expect(occurrences.allSatisfy { $0.image == audit.digest && $0.verdict == "exact" })
            #expect(
                Set(occurrences.map { String(decoding: $0.path, as: UTF8.self) }) == ["/usr/bin/agent", "/etc/ca.pem"]
            )
            #expect(try store.auditedImageCount() == 1)
            let events = try store.latestEvents(limit: 100)
            #expect(events.count == before + 2)
            #expect(events.last?["what"] == "audit")
            #expect(events.last?["digest"] == audit.digest?.description)
        }
    }

    /// Both are released: a note says that one stands under the other's name, and its own names say nothing.
    @Test(arguments: [
        ("opt/helper", true), ("opt/agent", false), ("opt/agent-linux-amd64", false), ("opt/other", false),
        // Its file's name and another's release.
        ("opt/server", false),
    ])
    func aReleasedProgramUnderAnothersNameIsNoted(path: String, isNoted: Bool) throws {
        try AuditFixture.with { fixture in
            let helper = fixture.directory + "/helper"
            try Data(TestProgram(code: "helper").bytes).write(to: URL(fileURLWithPath: helper))
            let key = try ReleaseKey(parsing: "helper@1")
            let server = try ReleaseKey(parsing: "server@1")
            let more = try ReleaseKey(parsing: "more@1")
            let bytes = AuditFixture.agent("1.2.3", "amd64").bytes
            let copy = fixture.directory + "/server"
            try Data(bytes).write(to: URL(fileURLWithPath: copy))
            var requests = [
                PutRequest(source: .path(helper), name: key.name, version: key.version, platform: nil),
                PutRequest(source: .path(helper), name: server.name, version: server.version, platform: nil),
            ]
            if path == "opt/server" {
                requests.append(PutRequest(source: .path(copy), name: more.name, version: more.version, platform: nil))
            }
            _ = try fixture.store.put(requests)
            var image = AuditFixture.image()
            image.layer { $0.file(path, bytes, mode: 0o755) }
            let audit = try fixture.audit(image)
            #expect(audit.codes == (isNoted ? [.otherName] : []))
            #expect(audit.verdict == .exact)
        }
    }
}
