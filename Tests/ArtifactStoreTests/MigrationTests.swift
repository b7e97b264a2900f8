import ArtifactStore
import ContentAddress
import GRDB
import Glibc
import OCI
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

    private let fixture: Fixture
    private let paths: StorePaths
    private let digest = Digest.of(Array("released".utf8))

    init() throws {
        fixture = try Fixture()
        paths = StorePaths(root: fixture.folder + "/store")
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

    @Test("a new store, and one that is current, are not copied")
    func currentIsNotCopied() throws {
        _ = try fixture.store()
        let names = try Directory.names(in: paths.root)
        _ = try fixture.store()
        #expect(try Directory.names(in: paths.root).filter { $0.contains(".before-") }.count == 1)
        #expect(names.filter { $0.contains(".partial") }.isEmpty)
    }
}
