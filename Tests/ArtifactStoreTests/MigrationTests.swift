import ArtifactStore
import ContentAddress
import GRDB
import Glibc
import OCI
import Release
import SystemIO
import Testing

@Suite("Stores of earlier formats")
struct MigrationTests {
    /// The index as the first migration alone made it, with one release; never to be changed.
    private static let first = """
        PRAGMA application_id = 1112425554;
        PRAGMA user_version = 1;
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('1 artifacts');
        CREATE TABLE blob (digest BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
            size INTEGER NOT NULL CHECK (size >= 0), added_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE artifact (id INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, platform TEXT NOT NULL,
            digest BLOB NOT NULL REFERENCES blob (digest), file_name TEXT NOT NULL, mode INTEGER NOT NULL,
            put_at INTEGER NOT NULL, put_by TEXT NOT NULL, annotations TEXT NOT NULL,
            UNIQUE (name, version, platform)) STRICT;
        CREATE INDEX artifact_digest ON artifact (digest);
        CREATE TABLE elf (digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE, build_id BLOB,
            text_digest BLOB, facts TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX elf_build_id ON elf (build_id) WHERE build_id IS NOT NULL;
        CREATE INDEX elf_text_digest ON elf (text_digest) WHERE text_digest IS NOT NULL;
        CREATE TABLE tombstone (name TEXT NOT NULL, version TEXT NOT NULL, platform TEXT NOT NULL, digest BLOB NOT NULL,
            removed_at INTEGER NOT NULL, removed_by TEXT NOT NULL, reason TEXT,
            PRIMARY KEY (name, version, platform)) STRICT, WITHOUT ROWID;
        CREATE TABLE event (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
        CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE (ABORT, 'events are only appended'); END;
        CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
        BEGIN SELECT RAISE (ABORT, 'events are only appended'); END;
        CREATE TABLE lease (id TEXT PRIMARY KEY NOT NULL, holder TEXT NOT NULL, expires_at INTEGER NOT NULL)
            STRICT, WITHOUT ROWID;
        CREATE TABLE lease_blob (lease TEXT NOT NULL REFERENCES lease (id) ON DELETE CASCADE, digest BLOB NOT NULL,
            PRIMARY KEY (lease, digest)) STRICT, WITHOUT ROWID;
        CREATE INDEX lease_blob_digest ON lease_blob (digest);
        """

    /// What the second migration added, with one audit of one image; never to be changed.
    private static let second = """
        INSERT INTO grdb_migrations VALUES ('2 audits');
        CREATE TABLE audit (id INTEGER PRIMARY KEY, image BLOB NOT NULL CHECK (length(image) = 32),
            reference TEXT NOT NULL, verdict TEXT, report TEXT NOT NULL, audited_at INTEGER NOT NULL,
            audited_by TEXT NOT NULL, event INTEGER NOT NULL) STRICT;
        CREATE INDEX audit_image ON audit (image);
        CREATE TABLE audit_manifest (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            config BLOB NOT NULL CHECK (length(config) = 32), platform TEXT NOT NULL) STRICT;
        CREATE TABLE audit_part (manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
            audit INTEGER NOT NULL REFERENCES audit (id), verdict TEXT, PRIMARY KEY (manifest, audit))
            STRICT, WITHOUT ROWID;
        CREATE TABLE audit_content (id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)) STRICT;
        CREATE TABLE audit_file (content INTEGER NOT NULL REFERENCES audit_content (id),
            manifest INTEGER NOT NULL REFERENCES audit_manifest (id), path BLOB NOT NULL, size INTEGER NOT NULL,
            mode INTEGER NOT NULL, layer INTEGER NOT NULL, PRIMARY KEY (content, manifest, path)) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_file_manifest ON audit_file (manifest);
        INSERT INTO audit VALUES (1, x'\(String(repeating: "01", count: 32))', 'old:1', 'exact', '{}', 5, 'ci', 1);
        INSERT INTO audit_manifest VALUES (1, x'\(String(repeating: "01", count: 32))',
            x'\(String(repeating: "02", count: 32))', 'linux/amd64');
        INSERT INTO audit_part VALUES (1, 1, 'exact');
        """

    private let fixture: Fixture
    private let paths: StorePaths
    private let digest = Digest.of(Array("released".utf8))

    init() throws {
        fixture = try Fixture()
        paths = StorePaths(root: fixture.directory + "/store")
        try Directory.createWithParents(paths.blobs)
        try Directory.create(paths.staging, mode: 0o700)
        try File.open(paths.blob(digest), O_WRONLY | O_CREAT, mode: 0o444).write(Array("released".utf8))
        let queue = try DatabaseQueue(path: paths.index)
        try queue.write { db in
            try db.execute(sql: Self.first)
            try db.execute(sql: "INSERT INTO blob VALUES (x'\(digest.hex)', 8, 5)")
            let row = "(1, 'agent', '1.0.0', 'any', x'\(digest.hex)', 'agent', 420, 5, 'ci', '{}')"
            try db.execute(sql: "INSERT INTO artifact VALUES \(row)")
            let event = """
                {"at":"1970-01-01T00:00:00.005Z","by":"ci","digest":"\(digest)","name":"agent","platform":"any",\
                "size":8,"version":"1.0.0","what":"put"}
                """
            try db.execute(sql: "INSERT INTO event VALUES (1, ?)", arguments: [event])
        }
        try queue.close()
    }

    @Test("a store of the first migration is migrated, with a copy of its index beside it, and works")
    func migrates() throws {
        let store = try fixture.store()
        #expect(try store.releases().map(\.key.description) == ["agent@1.0.0"])
        #expect(try store.verify().faults.isEmpty)
        _ = try store.remove(try ReleaseKey(parsing: "agent@1.0.0"))
        #expect(try store.collect(grace: 0).blobs.map(\.digest) == [digest])
        let copies = try Directory.names(in: paths.root).filter { $0.contains(".before-") }
        #expect(copies.count == 1)
        let copy = try DatabaseQueue(path: paths.root + "/" + (copies.first ?? ""))
        let (names, columns) = try copy.read { db in
            (try String.fetchAll(db, sql: "SELECT name FROM artifact"), try db.columns(in: "blob").map(\.name))
        }
        #expect(names == ["agent"])
        #expect(columns == ["digest", "size", "added_at"])
    }

    @Test("audits of an earlier format are found as before, and say that they can't be made again")
    func auditsOfAnEarlierFormat() throws {
        let queue = try DatabaseQueue(path: paths.index)
        try queue.write { db in
            try db.execute(sql: Self.second)
            try db.execute(sql: "INSERT INTO audit_content VALUES (1, x'\(digest.hex)')")
            try db.execute(sql: "INSERT INTO audit_file VALUES (1, 1, CAST('/agent' AS BLOB), 8, 493, 0)")
        }
        try queue.close()
        let store = try fixture.store()
        #expect(try Directory.names(in: paths.root).filter { $0.contains(".before-") } == ["bindery.db.before-3"])
        #expect(try store.images(holding: [digest]).map(\.references) == [["old:1"]])
        let old = try #require(try store.recordedAudits().audits.first)
        #expect(old.basis == nil)
        let manifest = try #require(old.manifests.first)
        #expect(manifest.diffIDs.isEmpty)
        #expect(try store.recordedManifest(manifest.digest) == nil)

        // Audited anew, it has what the earlier version didn't record.
        let part = AuditRecord.Manifest(
            digest: manifest.digest,
            config: manifest.digest,
            platform: "linux/amd64",
            verdict: "exact",
            files: [AuditRecord.File(path: Array("/agent".utf8), digest: digest, size: 8, mode: 0o755, layer: 0)],
            diffIDs: [digest]
        )
        let image = try Digest(bytes: [UInt8](repeating: 1, count: 32))
        try store.recordAudit(
            AuditRecord(reference: "old:1", image: image, verdict: "exact", report: .empty, manifests: [part])
        )
        #expect(try store.recordedManifest(manifest.digest)?.files == part.files)
        #expect(try store.recordedAudits().audits.map(\.basis) == [.empty])
        #expect(try store.auditedImageCount() == 1)
    }

    @Test("a new store, and one that is current, are not copied")
    func currentIsNotCopied() throws {
        _ = try fixture.store()
        let names = try Directory.names(in: paths.root)
        _ = try fixture.store()
        #expect(try Directory.names(in: paths.root).filter { $0.contains(".before-") }.count == 1)
        #expect(names.filter { $0.contains(".partial") }.isEmpty)
    }
}
