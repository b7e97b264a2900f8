import ArtifactStore
import ContentAddress
import Foundation
import GRDB
import Glibc
import OCI
import Release
import SystemIO
import Testing

/// A program reads what earlier and later ones wrote, without changing it.
@Suite("Schemas of other versions")
struct SchemaTests {
    private let earlier: EarlierStore

    init() throws { earlier = try EarlierStore() }

    /// What the commands that only read ask for.
    private func read(_ store: Store) throws {
        let release = try #require(try store.releases().first)
        #expect("\(release.key)" == "agent@1.0.0")
        let digest = try #require(release.artifacts.first?.digest)
        #expect(try store.images().map(\.references) == [["local/base:1"], ["local/own:1"]])
        #expect(try store.images(holding: [digest]).count == 4)
        #expect(try store.images(near: digest).isEmpty)
        #expect(try store.releasedFileNames().map(\.fileName) == ["agent"])
        #expect(try store.unauditedImages().isEmpty)
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
    func earlierSchema(onReadOnlyMedium: Bool) throws {
        try earlier.make()
        let before = try earlier.fixture.bytes(earlier.paths.index)
        if onReadOnlyMedium { chmod(earlier.paths.root, 0o555) }
        defer { chmod(earlier.paths.root, 0o755) }
        let store = try earlier.reader()
        try read(store)
        #expect(try store.bases().map(\.name) == ["local/base:1"], "what the migration would mark")
        #expect(try earlier.fixture.bytes(earlier.paths.index) == before)
        #expect(try Directory.names(in: earlier.paths.root).filter { $0.contains(".before-") }.isEmpty)
    }

    @Test("a store whose making was cut off before its first migration is not a store yet, and is made")
    func cutOff() throws {
        try Directory.createWithParents(earlier.paths.blobs)
        try Directory.create(earlier.paths.staging, mode: 0o700)
        try earlier.change("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        let error = #expect(throws: StoreError.self) { try earlier.reader() }
        #expect(error?.kind == .notFound)
        _ = try earlier.fixture.store().put([earlier.fixture.request(earlier.fixture.file("agent", "one"))])
        #expect(try earlier.reader().releases().count == 1)
        try earlier.change("CREATE TABLE other (a); PRAGMA application_id = 0")
        #expect(throws: StoreError.self) { try earlier.fixture.store() }
    }

    @Test("a store of the first schema is read, too")
    func first() throws {
        try earlier.make()
        try earlier.change(
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
        let store = try earlier.reader()
        #expect(try store.releases().count == 1)
        #expect(try store.images().isEmpty)
        #expect(try store.recordedAudits().audits.isEmpty)
        #expect(try store.images(holding: [.of(Array("x".utf8))]).isEmpty)
        #expect(try store.bases().isEmpty)
        #expect(try store.pins().isEmpty)
    }

    @Test("the migration marks what audits had as their base and what holds no release, and says which")
    func bases() throws {
        try earlier.make()
        let store = try earlier.fixture.store()
        // A base, and the state of one artifact and two tags.
        try read(store, events: 13)
        #expect(try store.bases().map(\.name) == ["local/base:1"])
        let event = try #require(try store.events(after: 9).first)
        #expect(event["what"] == "base")
        #expect(event["digest"] == (try store.bases()).first?.manifest.description)
        #expect(event["reason"] == "recorded audits had it as their base")
        #expect(try store.bases() == earlier.reader().bases(), "it is done once")
        let image = try #require(try store.image(ImageReference(parsing: "local/base:1")))
        _ = try store.removeImage(image.digestReference)
        #expect(try store.bases().isEmpty, "the mark goes with the image")
    }

    @Test("the log of a migrated store tells every column of what is there")
    func state() throws {
        try earlier.make()
        try earlier.change("INSERT INTO pin SELECT digest, 'why', 5, 'me' FROM artifact")
        try earlier.change(
            "INSERT INTO tombstone VALUES ('team/agent', '0.9', 'linux/amd64', zeroblob(32), 7, 'ci', NULL)"
        )
        let store = try earlier.fixture.store()
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
        _ = try earlier.fixture.store().put([earlier.fixture.request(earlier.fixture.file("agent", "one"))])
        try earlier.change(
            """
            INSERT INTO grdb_migrations VALUES ('99 more');
            ALTER TABLE artifact ADD COLUMN more TEXT;
            CREATE TABLE more (a);
            """
        )
        #expect(try earlier.reader().releases().map { "\($0.key)" } == ["agent@1.2.3"])
        let error = #expect(throws: StoreError.self) { try earlier.fixture.store() }
        #expect("\(error.map { "\($0)" } ?? "")".contains("newer Bindery"))

        try earlier.change("UPDATE compatibility SET reader = 99")
        let refusal = #expect(throws: StoreError.self) { try earlier.reader() }
        #expect("\(refusal.map { "\($0)" } ?? "")".contains("newer Bindery"))
    }

    @Test("a reader waits for nobody who writes")
    func whileOthersWrite() throws {
        _ = try earlier.fixture.store().put([earlier.fixture.request(earlier.fixture.file("agent", "one"))])
        try DatabaseQueue(path: earlier.paths.index).inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE; UPDATE artifact SET mode = 0;")
            let directory = try File.open(earlier.paths.root, O_RDONLY | O_DIRECTORY)
            #expect(try directory.tryLock())
            #expect(try earlier.reader().releases().first?.artifacts.first?.mode != 0)
            try db.execute(sql: "ROLLBACK")
        }
    }
}

extension StoredImage {
    fileprivate var digestReference: ImageReference {
        get throws { ImageReference(repository: try RepositoryName(parsing: "image"), digest: digest) }
    }
}
