import GRDB
import OCI

/// The index's tables, by migrations that are never changed once released (docs/store-format.md).
enum Schema {
    /// SQLite's `application_id` of a Bindery index: "BNDR".
    static let applicationID: Int32 = 0x424E_4452

    /// The number of the last migration that this program knows.
    static let latest = 24

    /// Migrations that write events write them at `time`, by `actor`.
    static func migrator(
        at time: @escaping @Sendable () -> Timestamp = { Timestamp(milliseconds: 0) },
        by actor: @escaping @Sendable () -> String = { "" }
    ) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 artifacts", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: artifacts)
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(StorePaths.formatVersion)")
        }
        migrator.registerMigration("2 audits", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: AuditSchema.tables)
        }
        migrator.registerMigration("3 retention", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: RetentionSchema.tables)
        }
        migrator.registerMigration("4 images", foreignKeyChecks: .immediate) { try $0.execute(sql: ImageSchema.tables) }
        migrator.registerMigration("5 trust", foreignKeyChecks: .immediate) { try $0.execute(sql: TrustSchema.tables) }
        migrator.registerMigration("6 evidence", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: AuditSchema.evidence)
        }
        migrator.registerMigration("7 trust ages", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: TrustSchema.ages)
        }
        migrator.registerMigration("8 records", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: AuditSchema.rules)
            // A gate asks for the names of all released files, and has seconds.
            try db.execute(sql: "CREATE INDEX artifact_file_name ON artifact (file_name, name)")
            try db.execute(sql: compatibility)
            try db.execute(sql: BaseRows.table)
            try BaseMigration.mark(at: time, by: actor, in: db)
        }
        migrator.registerMigration("9 files", foreignKeyChecks: .immediate) { db in
            // Before anything else: from here on the log alone tells what is in these tables.
            try StateMigration.append(at: time(), by: actor, in: db)
            try db.execute(sql: FileSchema.tables)
        }
        migrator.registerMigration("10 proofs", foreignKeyChecks: .immediate) {
            try $0.execute(sql: ProofSchema.tables)
        }
        migrator.registerMigration("11 log", foreignKeyChecks: .immediate) { try LogSchema.migrate($0) }
        migrator.registerMigration("12 archives", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: ArchiveRows.tables)
        }
        migrator.registerMigration("13 holders", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: holders)
        }
        migrator.registerMigration("14 revocations", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: RevocationRows.table)
        }
        migrator.registerMigration("15 foreign programs", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: ForeignRows.table)
        }
        migrator.registerMigration("16 drafts", foreignKeyChecks: .immediate) { try $0.execute(sql: FileSchema.drafts) }
        migrator.registerMigration("17 upkeep", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: UpkeepRows.table)
        }
        migrator.registerMigration("18 referrers", foreignKeyChecks: .immediate) {
            try $0.execute(sql: ReferrerRows.tables)
        }
        migrator.registerMigration("19 checkpoints", foreignKeyChecks: .immediate) {
            try $0.execute(sql: CheckpointRows.table)
        }
        migrator.registerMigration("20 modules", foreignKeyChecks: .immediate) {
            try $0.execute(sql: ModuleRows.tables)
        }
        migrator.registerMigration("21 provenance", foreignKeyChecks: .immediate) {
            try $0.execute(sql: ProvenanceRows.tables)
        }
        migrator.registerMigration("22 registry", foreignKeyChecks: .immediate) {
            try $0.execute(sql: RegistrySchema.tables)
            try $0.execute(sql: TokenRows.table)
        }
        migrator.registerMigration("23 packed archives", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: PackedRows.table)
        }
        migrator.registerMigration("24 published places", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: PublishedRows.table)
        }
        return migrator
    }

    /// `reader` is the first migration whose program may read the index.
    ///
    /// Migrations that only add leave it as it is: a program reads on, past what it doesn't know.
    private static let compatibility = """
        CREATE TABLE compatibility (reader INTEGER NOT NULL) STRICT;
        INSERT INTO compatibility VALUES (8);
        """

    /// The file whose lock a lease's holder has, and whether a removed file was harmless.
    private static let holders = """
        ALTER TABLE lease ADD COLUMN file TEXT;
        ALTER TABLE tombstone ADD COLUMN harmless INTEGER NOT NULL DEFAULT 0;
        """

    /// From now on only programs that know a migration may read the index: rows are written that others would misread.
    static func requireReader(_ migration: Int, in db: Database) throws {
        let statement = try db.cachedStatement(sql: "UPDATE compatibility SET reader = ? WHERE reader < ?")
        try statement.execute(arguments: [migration, migration])
    }

    /// Digests are their 32 raw bytes, times are milliseconds since 1970, JSON is canonical.
    private static let artifacts = """
        CREATE TABLE blob (
            digest BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
            size INTEGER NOT NULL CHECK (size >= 0),
            added_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE artifact (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            platform TEXT NOT NULL,
            digest BLOB NOT NULL REFERENCES blob (digest),
            file_name TEXT NOT NULL,
            mode INTEGER NOT NULL,
            put_at INTEGER NOT NULL,
            put_by TEXT NOT NULL,
            annotations TEXT NOT NULL,
            UNIQUE (name, version, platform)
        ) STRICT;
        CREATE INDEX artifact_digest ON artifact (digest);

        CREATE TABLE elf (
            digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
            build_id BLOB,
            text_digest BLOB,
            facts TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX elf_build_id ON elf (build_id) WHERE build_id IS NOT NULL;
        CREATE INDEX elf_text_digest ON elf (text_digest) WHERE text_digest IS NOT NULL;

        CREATE TABLE tombstone (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            platform TEXT NOT NULL,
            digest BLOB NOT NULL,
            removed_at INTEGER NOT NULL,
            removed_by TEXT NOT NULL,
            reason TEXT,
            PRIMARY KEY (name, version, platform)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY,
            body TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE (ABORT, 'events are only appended'); END;
        CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
        BEGIN SELECT RAISE (ABORT, 'events are only appended'); END;

        CREATE TABLE lease (
            id TEXT PRIMARY KEY NOT NULL,
            holder TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE lease_blob (
            lease TEXT NOT NULL REFERENCES lease (id) ON DELETE CASCADE,
            digest BLOB NOT NULL,
            PRIMARY KEY (lease, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX lease_blob_digest ON lease_blob (digest);
        """
}
