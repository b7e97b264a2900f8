import ArtifactStore
import ContentAddress
import OCI
import Release
import SBOM
import SystemIO
import TestSupport
import Testing

/// Each migration leaves what was there as it was, and a store of before it is read as one without what it adds.
@Suite("Earlier schemas")
struct EarlierSchemaTests {
    private let earlier: EarlierStore

    init() throws { earlier = try EarlierStore() }

    @Test("keys of before files had paths are read, and migrated, as those of the release's program")
    func files() throws {
        try earlier.make(8)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let removed = try ReleaseKey(parsing: "team/agent@0.9")
        let (before, stones) = (
            try earlier.reader().artifacts(of: release), try earlier.reader().tombstones(of: removed)
        )
        #expect(
            before.map { "\($0.key.platform) \($0.key.file) \($0.fileName)" } == [
                "any agent agent.conf", "linux/amd64 agent agent",
            ]
        )
        #expect(stones.map(\.key.file.text) == ["agent"])
        let store = try earlier.fixture.store()
        #expect(try store.artifacts(of: release) == before)
        #expect(try store.tombstones(of: removed) == stones)
        // A tombstone, two artifacts, a name, two pins.
        #expect(
            try store.events(after: 7).map { $0["table"] } == [
                "tombstone", "artifact", "artifact", "image_tag", "pin", "pin",
            ]
        )
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
        #expect(try store.recordedAudits().changedNames.isEmpty, "no image is to be audited again for it")
    }

    @Test("a store of before seals is read as one without any, and migrated")
    func proofs() throws {
        try earlier.make(9)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let before = try earlier.reader()
        #expect(try before.artifacts(of: release).count == 3)
        #expect(try before.seals().isEmpty && before.trustedKeys().isEmpty && !before.requiresSeal())
        #expect(try before.attestations(about: Digest.of("any")).isEmpty)
        let store = try earlier.fixture.store()
        let artifacts = try store.artifacts(of: release)
        #expect(try artifacts == before.artifacts(of: release))
        #expect(try store.seal(release, as: Digest.of("any"), artifacts, with: nil).isNew)
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("archives of before their files were recorded are read as what they are, and stay so in the migrated store")
    func archives() throws {
        try earlier.make(11)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let license = Digest.of(Array("a license of some words\n".utf8))
        let before = try earlier.reader().artifacts(of: release)
        #expect(before.map(\.key.file.text) == ["agent", "agent.tar.gz", "share/LICENSE"])
        #expect(try earlier.reader().archives(holding: [license]).isEmpty)
        #expect(try earlier.reader().members(of: before[1].digest).isEmpty)
        let store = try earlier.fixture.store()
        #expect(try store.artifacts(of: release) == before)
        #expect(try store.archives(holding: [license]).isEmpty)
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("removals of before they could be harmless are faults, as they were")
    func holders() throws {
        try earlier.make(12)
        let removed = try ReleaseKey(parsing: "team/agent@0.8")
        let before = try earlier.reader().tombstones(of: removed)
        #expect(before.map(\.isHarmless) == [false])
        let store = try earlier.fixture.store()
        #expect(try store.tombstones(of: removed) == before)
        #expect(Set(try store.releases().map { "\($0.key)" }) == ["team/agent@1.0.0", "team/agent@0.9"])
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("a store of before revocations is read as one without any, and migrated")
    func revocations() throws {
        try earlier.make(13)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let before = try earlier.reader()
        #expect(try before.revocationMarks().isEmpty)
        #expect(try before.revocations(of: .release(release)).isEmpty)
        #expect(try before.imagesWithWithdrawn().isEmpty)
        #expect(try before.seals().map(\.key) == [release])
        let store = try earlier.fixture.store()
        #expect(try store.revocationMarks().isEmpty)
        #expect(try store.trustedKeys().map(\.name) == ["ours"])
        let mark = Revocation(.release(release), .denied, reason: "why", at: Timestamp(milliseconds: 0), by: "test")
        #expect(try store.revoke(mark).isNew)
        #expect(try store.imagesWithWithdrawn().count == 1)
        #expect(try store.recordedAudits().changedNames == ["team/agent": 13])
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("programs of other systems are known from the next put on")
    func foreign() throws {
        try earlier.make(14)
        let digest = try #require(try earlier.reader().releases().first?.artifacts.first?.digest)
        for _ in 0..<2 {
            #expect(try earlier.reader().programIdentities(of: digest).allSatisfy { $0.os == nil })
            #expect(try earlier.reader().programs(buildID: [1], textDigest: nil, goPackage: "example.com/x").isEmpty)
            _ = try earlier.fixture.store()
        }
        let bytes = ForeignImage.machO(uuid: [UInt8](1...16), code: [1], go: [])
        let file = try earlier.fixture.file("tool", bytes)
        _ = try earlier.fixture.store().put([earlier.fixture.request(file, "tool@1", platform: "darwin/arm64")])
        #expect(try earlier.reader().programs(buildID: [UInt8](1...16), textDigest: nil) == [.of(bytes)])
    }

    @Test("a store of before drafts is read as one without any, and migrated")
    func drafts() throws {
        try earlier.make(15)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let before = try earlier.reader()
        #expect(try before.drafts().isEmpty && before.draft(of: release).isEmpty)
        #expect(try before.revocationMarks()[release]?.level == .warned)
        let store = try earlier.fixture.store()
        #expect(try store.artifacts(of: release) == before.artifacts(of: release))
        let file = try earlier.fixture.file("agent", "one")
        _ = try store.put([earlier.fixture.request(file, "team/agent@1.1.0")], into: .draft(replaces: false))
        #expect(try earlier.reader().drafts().map { "\($0.key)" } == ["team/agent@1.1.0"])
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("a store of before upkeep was recorded is read as one without any, and not migrated to record it")
    func upkeep() throws {
        try earlier.make(16)
        let before = try earlier.fixture.bytes(earlier.paths.index)
        let reader = try earlier.reader()
        #expect(try reader.upkeep().isEmpty && !reader.keepsUpkeep())
        #expect(try reader.drafts().map { "\($0.key)" } == ["team/agent@1.1.0"])
        #expect(try earlier.fixture.bytes(earlier.paths.index) == before)
        let store = try earlier.fixture.store()
        #expect(try store.keepsUpkeep())
        try store.record(.verify, faults: 2, bytes: 7)
        try store.record(.verify, faults: 0, bytes: 8)
        let done = try earlier.reader().upkeep()
        #expect(done.map(\.kind) == [.verify] && done.map(\.faults) == [0] && done.map(\.bytes) == [8])
        #expect(try #require(done.first).finishedAt < earlier.fixture.clock.now)
    }

    @Test("a store of before referrers is read as one without any, and migrated")
    func referrers() throws {
        try earlier.make(17)
        let subject = try Digest(parsing: "sha256:" + String(repeating: "1", count: 64))
        #expect(try earlier.reader().referrers(to: subject).isEmpty)
        let store = try earlier.fixture.store()
        let batch = try store.beginBatch()
        let (image, referrer) = (try batch.add(Array("image".utf8)), try batch.add(Array("referrer".utf8)))
        var record = ImageRecord(digest: image, mediaType: MediaType.imageManifest, blobs: [image])
        record.references = [try ImageReference(parsing: "agent:1")]
        record.referrers = [
            ReferrerRecord(
                digest: referrer,
                subject: image,
                mediaType: MediaType.imageManifest,
                artifactType: nil,
                blobs: [referrer]
            )
        ]
        try store.commit(batch, image: record)
        #expect(try earlier.reader().referrers(to: image).map(\.digest) == [referrer])
        #expect(try store.events().last?["what"] == "refer")
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before checkpoints of other logs is read as one that has seen none, and its drafts stay")
    func checkpoints() throws {
        try earlier.make(18)
        let release = try ReleaseKey(parsing: "team/agent@1.1.0")
        let before = try earlier.reader()
        #expect(try before.seenCheckpoints(of: "any").isEmpty)
        #expect(try before.draft(of: release).count == 1)
        let store = try earlier.fixture.store()
        #expect(try store.draft(of: release) == before.draft(of: release))
        #expect(try store.seenCheckpoints(of: "any").isEmpty)
        // That store's draft was written by hand, without its event.
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before modules is read as one that hasn't read its programs")
    func modules() throws {
        try earlier.make(19)
        let unread = try earlier.reader().programsWithUnreadModules()
        #expect(unread.count == 1)
        #expect(try earlier.reader().programs(withModule: "time").isEmpty)
        let store = try earlier.fixture.store()
        // Its blob isn't there.
        #expect(try store.readModules() == 0)
        #expect(try store.programsWithUnreadModules() == unread)
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before builders' attestations is read as one without any, and its modules stay")
    func provenance() throws {
        try earlier.make(20)
        let before = try earlier.reader()
        #expect(try before.programsWithUnreadModules().isEmpty)
        let digest = try #require(try before.programs(withModule: "golang.org/x/net").first?.digest)
        #expect(try before.provenance(of: digest).isEmpty)
        let store = try earlier.fixture.store()
        #expect(try store.programs(withModule: "golang.org/x/net").map(\.module.version) == ["v0.37.0"])
        #expect(try store.provenance(of: digest).isEmpty)
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before packed archives is read as one without any, and migrated")
    func packedArchives() throws {
        try earlier.make(22)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let before = try earlier.reader()
        #expect(try before.packedArchives(of: release).isEmpty)
        #expect(try before.drafts().map { "\($0.key)" } == ["team/agent@1.1.0"])
        let store = try earlier.fixture.store()
        #expect(try store.artifacts(of: release) == before.artifacts(of: release))
        let batch = try store.beginBatch()
        let digest = try batch.add(Array("an archive".utf8))
        let archive = (ArtifactPlatform.any, "agent.tar.gz", digest, Int64(10), "tar")
        try store.keep([archive], of: release, from: batch)
        #expect(try earlier.reader().packedArchives(withAnyOf: [digest])[digest]?.map(\.release) == [release])
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before published places is read as one without any, and migrated")
    func publishedPlaces() throws {
        try earlier.make(23)
        #expect(try earlier.reader().publishedPlaces().isEmpty)
        let store = try earlier.fixture.store()
        let file = PublishedPlace.File(name: "agent.tar.gz", digest: .of("x"), size: 1)
        try store.recordPublished("agent@1.0.0", at: "files:/srv", digest: .of("index"), files: [file])
        let place = try #require(try earlier.reader().publishedPlaces().first)
        #expect(place.files == [file])
        try store.record([(place, .drift)])
        #expect(try earlier.reader().publishedPlaces(of: "agent@1.0.0").map(\.lastCheck?.state) == [.drift])
        #expect(try store.forgetPublished("agent@1.0.0", at: "files:/srv"))
        #expect(try !store.forgetPublished("agent@1.0.0", at: "files:/srv"))
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("what a collection would remove is said of every earlier schema", arguments: Array(7...9) + Array(11...23))
    func collectionDryRun(_ migrations: Int) throws {
        try earlier.make(migrations)
        let reader = try earlier.reader()
        let report = try reader.collect(dryRun: true)
        #expect(report.isDryRun)
        #expect(try reader.verify().faults.filter { $0.kind == .index }.isEmpty)
    }
}
