/// The tables of artifacts and tombstones with several files in a release (docs/store-format.md).
enum FileSchema {
    /// The last component of `name`: the file of every key of before, and of a program's.
    static let program = "substr(name, length(rtrim(name, replace(name, '/', ''))) + 1)"

    /// SQLite can't change the key of a table: both are written anew.
    static let tables = """
        CREATE TABLE new_artifact (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            platform TEXT NOT NULL,
            file TEXT NOT NULL,
            digest BLOB NOT NULL REFERENCES blob (digest),
            file_name TEXT NOT NULL,
            mode INTEGER NOT NULL,
            put_at INTEGER NOT NULL,
            put_by TEXT NOT NULL,
            annotations TEXT NOT NULL,
            UNIQUE (name, version, platform, file)
        ) STRICT;
        INSERT INTO new_artifact
            SELECT id, name, version, platform, \(program), digest, file_name, mode, put_at, put_by, annotations
            FROM artifact;
        DROP TABLE artifact;
        ALTER TABLE new_artifact RENAME TO artifact;
        CREATE INDEX artifact_digest ON artifact (digest);
        CREATE INDEX artifact_file_name ON artifact (file_name, name);

        CREATE TABLE new_tombstone (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            platform TEXT NOT NULL,
            file TEXT NOT NULL,
            digest BLOB NOT NULL,
            removed_at INTEGER NOT NULL,
            removed_by TEXT NOT NULL,
            reason TEXT,
            PRIMARY KEY (name, version, platform, file)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO new_tombstone
            SELECT name, version, platform, \(program), digest, removed_at, removed_by, reason FROM tombstone;
        DROP TABLE tombstone;
        ALTER TABLE new_tombstone RENAME TO tombstone;
        CREATE INDEX tombstone_digest ON tombstone (digest);
        """

    /// The files of releases that aren't complete yet: a table of their own, so that only who names it sees them.
    static let drafts = """
        CREATE TABLE draft (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            platform TEXT NOT NULL,
            file TEXT NOT NULL,
            digest BLOB NOT NULL REFERENCES blob (digest),
            file_name TEXT NOT NULL,
            mode INTEGER NOT NULL,
            put_at INTEGER NOT NULL,
            put_by TEXT NOT NULL,
            annotations TEXT NOT NULL,
            PRIMARY KEY (name, version, platform, file)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX draft_digest ON draft (digest);
        """
}
