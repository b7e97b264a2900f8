import ArtifactStore
import ContentAddress
import Foundation
import GRDB
import Glibc
import OCI
import Release
import SBOM
import SystemIO
import TestSupport
import Testing

/// A program reads what earlier and later ones wrote, without changing it.
@Suite("Schemas of other versions")
struct SchemaTests {
    private let fixture: Fixture
    private let paths: StorePaths

    init() throws {
        fixture = try Fixture()
        paths = StorePaths(root: fixture.directory + "/store")
    }

    /// The index that a program with so many migrations made.
    private func makeEarlier(_ migrations: Int = 7) throws {
        try Directory.createWithParents(paths.blobs)
        try Directory.create(paths.staging, mode: 0o700)
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let sql = try String(
            contentsOf: tests.appending(path: "Golden/stores/schema-\(migrations).sql"),
            encoding: .utf8
        )
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: paths.index, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func reader() throws -> Store {
        try Store(
            at: paths.root,
            options: StoreOptions(access: .reading, actor: "test", now: { Timestamp(milliseconds: 0) })
        )
    }

    private func change(_ sql: String) throws {
        let queue = try DatabaseQueue(path: paths.index)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// What the commands that only read ask for.
    private func read(_ store: Store) throws {
        let release = try #require(try store.releases().first)
        #expect("\(release.key)" == "agent@1.0.0")
        let digest = try #require(release.artifacts.first?.digest)
        #expect(try store.images().map(\.references) == [["local/base:1"], ["local/own:1"]])
        #expect(try store.images(holding: [digest]).count == 4)
        #expect(try store.images(near: digest).isEmpty)
        #expect(try store.releasedFileNames().map(\.fileName) == ["agent"])
        #expect(try store.unauditedImageCount() == 0)
        let audits = try store.recordedAudits().audits
        #expect(audits.map(\.rules) == [1, 1, 1, 1])
        let audit = try #require(try store.recordedAudit(of: audits[0].image))
        #expect(audit.verdict == "exact")
        #expect(try store.recordedAudit(with: audits[0].image)?.image == audit.image)
        #expect(try store.recordedPart(audit.image)?.rules == 1)
        #expect(try store.recordedManifest(audit.image)?.files.count == 2)
        #expect(try store.pins().isEmpty)
        #expect(try store.events().count == 9)
        #expect(try store.releasePage(of: nil, after: nil, limit: 10).releases.count == 1)
    }

    @Test("a store of an earlier schema is read without being migrated", arguments: [false, true])
    func earlier(onReadOnlyMedium: Bool) throws {
        try makeEarlier()
        let before = try fixture.bytes(paths.index)
        if onReadOnlyMedium { chmod(paths.root, 0o555) }
        defer { chmod(paths.root, 0o755) }
        let store = try reader()
        try read(store)
        #expect(try store.bases().map(\.name) == ["local/base:1"], "what the migration would mark")
        #expect(try fixture.bytes(paths.index) == before)
        #expect(try Directory.names(in: paths.root).filter { $0.contains(".before-") }.isEmpty)
    }

    @Test("a store whose making was cut off before its first migration is no store yet, and is made")
    func cutOff() throws {
        try Directory.createWithParents(paths.blobs)
        try Directory.create(paths.staging, mode: 0o700)
        try change("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        let error = #expect(throws: StoreError.self) { try reader() }
        #expect(error?.kind == .notFound)
        _ = try fixture.store().put([fixture.request(fixture.file("agent", "one"))])
        #expect(try reader().releases().count == 1)
        try change("CREATE TABLE other (a); PRAGMA application_id = 0")
        #expect(throws: StoreError.self) { try fixture.store() }
    }

    @Test("a store of the first schema is read, too")
    func first() throws {
        try makeEarlier()
        try change(
            """
            PRAGMA foreign_keys = OFF;
            DROP TABLE audit_likeness; DROP TABLE audit_program; DROP TABLE audit_name; DROP TABLE audit_hidden;
            DROP TABLE audit_facts; DROP TABLE audit_file; DROP TABLE audit_content; DROP TABLE audit_part;
            DROP TABLE audit_manifest; DROP TABLE audit; DROP TABLE blob_file; DROP TABLE pin; DROP TABLE scrub;
            DROP TABLE image_tag; DROP TABLE image_artifact; DROP TABLE image_blob; DROP TABLE image; DROP TABLE layer;
            ALTER TABLE blob DROP COLUMN unnamed_at;
            DELETE FROM grdb_migrations WHERE identifier <> '1 artifacts';
            """
        )
        let store = try reader()
        #expect(try store.releases().count == 1)
        #expect(try store.images().isEmpty)
        #expect(try store.recordedAudits().audits.isEmpty)
        #expect(try store.images(holding: [.of(Array("x".utf8))]).isEmpty)
        #expect(try store.bases().isEmpty)
        #expect(try store.pins().isEmpty)
    }

    @Test("the migration marks what audits had as their base and what holds no release, and says which")
    func bases() throws {
        try makeEarlier()
        let store = try fixture.store()
        // A base, and the state of one artifact and two tags.
        try read(store, events: 13)
        #expect(try store.bases().map(\.name) == ["local/base:1"])
        let event = try #require(try store.events(after: 9).first)
        #expect(event["what"] == "base")
        #expect(event["digest"] == (try store.bases()).first?.manifest.description)
        #expect(event["reason"] == "recorded audits had it as their base")
        #expect(try store.bases() == reader().bases(), "it is done once")
        let image = try #require(try store.image(ImageReference(parsing: "local/base:1")))
        _ = try store.removeImage(image.digestReference)
        #expect(try store.bases().isEmpty, "the mark goes with the image")
    }

    @Test("keys of before files had paths are read, and migrated, as those of the release's program")
    func files() throws {
        try makeEarlier(8)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let removed = try ReleaseKey(parsing: "team/agent@0.9")
        let (before, stones) = (try reader().artifacts(of: release), try reader().tombstones(of: removed))
        #expect(
            before.map { "\($0.key.platform) \($0.key.file) \($0.fileName)" } == [
                "any agent agent.conf", "linux/amd64 agent agent",
            ]
        )
        #expect(stones.map(\.key.file.text) == ["agent"])
        let store = try fixture.store()
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
        try makeEarlier(9)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let before = try reader()
        #expect(try before.artifacts(of: release).count == 3)
        #expect(try before.seals().isEmpty && before.trustedKeys().isEmpty && !before.requiresSeal())
        #expect(try before.attestations(about: Digest.of("any")).isEmpty)
        let store = try fixture.store()
        let artifacts = try store.artifacts(of: release)
        #expect(try artifacts == before.artifacts(of: release))
        #expect(try store.seal(release, as: Digest.of("any"), artifacts, with: nil).isNew)
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("archives of before their files were recorded are read as what they are, and stay so in the migrated store")
    func archives() throws {
        try makeEarlier(11)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let license = Digest.of(Array("a license of some words\n".utf8))
        let before = try reader().artifacts(of: release)
        #expect(before.map(\.key.file.text) == ["agent", "agent.tar.gz", "share/LICENSE"])
        #expect(try reader().archives(holding: [license]).isEmpty)
        #expect(try reader().members(of: before[1].digest).isEmpty)
        let store = try fixture.store()
        #expect(try store.artifacts(of: release) == before)
        #expect(try store.archives(holding: [license]).isEmpty)
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("removals of before they could be harmless are faults, as they were")
    func holders() throws {
        try makeEarlier(12)
        let removed = try ReleaseKey(parsing: "team/agent@0.8")
        let before = try reader().tombstones(of: removed)
        #expect(before.map(\.isHarmless) == [false])
        let store = try fixture.store()
        #expect(try store.tombstones(of: removed) == before)
        #expect(Set(try store.releases().map { "\($0.key)" }) == ["team/agent@1.0.0", "team/agent@0.9"])
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("a store of before revocations is read as one without any, and migrated")
    func revocations() throws {
        try makeEarlier(13)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let before = try reader()
        #expect(try before.revocationMarks().isEmpty)
        #expect(try before.revocations(of: .release(release)).isEmpty)
        #expect(try before.imagesWithWithdrawn().isEmpty)
        #expect(try before.seals().map(\.key) == [release])
        let store = try fixture.store()
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
        try makeEarlier(14)
        let digest = try #require(try reader().releases().first?.artifacts.first?.digest)
        for _ in 0..<2 {
            #expect(try reader().programIdentities(of: digest).allSatisfy { $0.os == nil })
            #expect(try reader().programs(buildID: [1], textDigest: nil, goPackage: "example.com/x").isEmpty)
            _ = try fixture.store()
        }
        let bytes = ForeignImage.machO(uuid: [UInt8](1...16), code: [1], go: [])
        let file = try fixture.file("tool", bytes)
        _ = try fixture.store().put([fixture.request(file, "tool@1", platform: "darwin/arm64")])
        #expect(try reader().programs(buildID: [UInt8](1...16), textDigest: nil) == [.of(bytes)])
    }

    @Test("a store of before drafts is read as one without any, and migrated")
    func drafts() throws {
        try makeEarlier(15)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let before = try reader()
        #expect(try before.drafts().isEmpty && before.draft(of: release).isEmpty)
        #expect(try before.revocationMarks()[release]?.level == .warned)
        let store = try fixture.store()
        #expect(try store.artifacts(of: release) == before.artifacts(of: release))
        let file = try fixture.file("agent", "one")
        _ = try store.put([fixture.request(file, "team/agent@1.1.0")], into: .draft(replaces: false))
        #expect(try reader().drafts().map { "\($0.key)" } == ["team/agent@1.1.0"])
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    @Test("a store of before upkeep was recorded is read as one without any, and not migrated to record it")
    func upkeep() throws {
        try makeEarlier(16)
        let before = try fixture.bytes(paths.index)
        let earlier = try reader()
        #expect(try earlier.upkeep().isEmpty && !earlier.keepsUpkeep())
        #expect(try earlier.drafts().map { "\($0.key)" } == ["team/agent@1.1.0"])
        #expect(try fixture.bytes(paths.index) == before)
        let store = try fixture.store()
        #expect(try store.keepsUpkeep())
        try store.record(.verify, faults: 2, bytes: 7)
        try store.record(.verify, faults: 0, bytes: 8)
        let done = try reader().upkeep()
        #expect(done.map(\.kind) == [.verify] && done.map(\.faults) == [0] && done.map(\.bytes) == [8])
        #expect(try #require(done.first).finishedAt < fixture.clock.now)
    }

    @Test("a store of before referrers is read as one without any, and migrated")
    func referrers() throws {
        try makeEarlier(17)
        let subject = try Digest(parsing: "sha256:" + String(repeating: "1", count: 64))
        #expect(try reader().referrers(to: subject).isEmpty)
        let store = try fixture.store()
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
        #expect(try reader().referrers(to: image).map(\.digest) == [referrer])
        #expect(try store.events().last?["what"] == "refer")
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before checkpoints of other logs is read as one that has seen none, and its drafts stay")
    func checkpoints() throws {
        try makeEarlier(18)
        let release = try ReleaseKey(parsing: "team/agent@1.1.0")
        let before = try reader()
        #expect(try before.seenCheckpoints(of: "any").isEmpty)
        #expect(try before.draft(of: release).count == 1)
        let store = try fixture.store()
        #expect(try store.draft(of: release) == before.draft(of: release))
        #expect(try store.seenCheckpoints(of: "any").isEmpty)
        // That store's draft was written by hand, without its event.
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before modules is read as one that hasn't read its programs")
    func modules() throws {
        try makeEarlier(19)
        let unread = try reader().programsWithUnreadModules()
        #expect(unread.count == 1)
        #expect(try reader().programs(withModule: "time").isEmpty)
        let store = try fixture.store()
        // Its blob isn't there.
        #expect(try store.readModules() == 0)
        #expect(try store.programsWithUnreadModules() == unread)
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before builders' attestations is read as one without any, and its modules stay")
    func provenance() throws {
        try makeEarlier(20)
        let before = try reader()
        #expect(try before.programsWithUnreadModules().isEmpty)
        let digest = try #require(try before.programs(withModule: "golang.org/x/net").first?.digest)
        #expect(try before.provenance(of: digest).isEmpty)
        let store = try fixture.store()
        #expect(try store.programs(withModule: "golang.org/x/net").map(\.module.version) == ["v0.37.0"])
        #expect(try store.provenance(of: digest).isEmpty)
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("a store of before packed archives is read as one without any, and migrated")
    func packedArchives() throws {
        try makeEarlier(22)
        let release = try ReleaseKey(parsing: "team/agent@1.0.0")
        let before = try reader()
        #expect(try before.packedArchives(of: release).isEmpty)
        #expect(try before.drafts().map { "\($0.key)" } == ["team/agent@1.1.0"])
        let store = try fixture.store()
        #expect(try store.artifacts(of: release) == before.artifacts(of: release))
        let batch = try store.beginBatch()
        let digest = try batch.add(Array("an archive".utf8))
        let archive = (ArtifactPlatform.any, "agent.tar.gz", digest, Int64(10))
        try store.keep([archive], of: release, recipe: "tar", from: batch)
        #expect(try reader().packedArchives(withAnyOf: [digest])[digest]?.map(\.release) == [release])
        #expect(try store.verify().faults.filter { $0.kind == .index }.isEmpty)
    }

    @Test("the log of a migrated store tells every column of what is there")
    func state() throws {
        try makeEarlier()
        try change("INSERT INTO pin SELECT digest, 'why', 5, 'me' FROM artifact")
        try change("INSERT INTO tombstone VALUES ('team/agent', '0.9', 'linux/amd64', zeroblob(32), 7, 'ci', NULL)")
        let store = try fixture.store()
        let events = try store.events(after: 10).map(\.body)
        let text = events.map { String(decoding: CanonicalJSON.encode($0), as: UTF8.self) }
        let whole = text.joined(separator: "\n")
        #expect(text.count == 5)
        #expect(text.allSatisfy { $0.contains(#""what":"state""#) })
        #expect(whole.contains(#""row":{"file":"agent","name":"team/agent","platform":"linux/amd64","removedAt":"#))
        #expect(whole.contains(#""fileName":"agent","mode":"07"#))
        #expect(whole.contains(#""row":{"pinnedAt":"1970-01-01T00:00:00.005Z","pinnedBy":"me","reason":"why"}"#))
        #expect(whole.contains(#""tag":"local/own:1""#))
        #expect(try store.tombstones(of: ReleaseKey(parsing: "team/agent@0.9")).map(\.key.file.text) == ["agent"])
        #expect(try store.verify().faults.filter { $0.kind == .history || $0.kind == .index }.isEmpty)
    }

    private func read(_ store: Store, events: Int) throws {
        #expect(try store.events().count == events)
        #expect(try store.releases().count == 1)
        #expect(try store.recordedAudits().audits.map(\.rules) == [1, 1, 1, 1])
    }

    @Test("a store whose later migrations only add is read, and not written")
    func later() throws {
        _ = try fixture.store().put([fixture.request(fixture.file("agent", "one"))])
        try change(
            """
            INSERT INTO grdb_migrations VALUES ('99 more');
            ALTER TABLE artifact ADD COLUMN more TEXT;
            CREATE TABLE more (a);
            """
        )
        #expect(try reader().releases().map { "\($0.key)" } == ["agent@1.2.3"])
        let error = #expect(throws: StoreError.self) { try fixture.store() }
        #expect("\(error.map { "\($0)" } ?? "")".contains("newer Bindery"))

        try change("UPDATE compatibility SET reader = 99")
        let refusal = #expect(throws: StoreError.self) { try reader() }
        #expect("\(refusal.map { "\($0)" } ?? "")".contains("newer Bindery"))
    }

    @Test("a reader waits for nobody who writes")
    func whileOthersWrite() throws {
        _ = try fixture.store().put([fixture.request(fixture.file("agent", "one"))])
        try DatabaseQueue(path: paths.index).inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE; UPDATE artifact SET mode = 0;")
            let directory = try File.open(paths.root, O_RDONLY | O_DIRECTORY)
            #expect(try directory.tryLock())
            #expect(try reader().releases().first?.artifacts.first?.mode != 0)
            try db.execute(sql: "ROLLBACK")
        }
    }
}

extension StoredImage {
    fileprivate var digestReference: ImageReference {
        get throws { ImageReference(repository: try RepositoryName(parsing: "image"), digest: digest) }
    }
}
