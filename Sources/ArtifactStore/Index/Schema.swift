internal import GRDB

/// The index's tables, by migrations that are never changed once released (docs/store-format.md).
enum Schema {
    /// SQLite's `application_id` of a Bindery index: "BNDR".
    static let applicationID: Int32 = 0x424E_4452

    static var migrator: DatabaseMigrator {
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
        return migrator
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
