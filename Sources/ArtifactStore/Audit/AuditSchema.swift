/// The tables of audits (docs/store-format.md).
enum AuditSchema {
    /// A manifest's files are a function of its digest, so they are kept once, however often it is audited.
    ///
    /// Each digest is kept once, too: files are by far the most rows, and mostly the same ones.
    static let tables = """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            image BLOB NOT NULL CHECK (length(image) = 32),
            reference TEXT NOT NULL,
            verdict TEXT,
            report TEXT NOT NULL,
            audited_at INTEGER NOT NULL,
            audited_by TEXT NOT NULL,
            event INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX audit_image ON audit (image);

        CREATE TABLE audit_manifest (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            config BLOB NOT NULL CHECK (length(config) = 32),
            platform TEXT NOT NULL
        ) STRICT;

        CREATE TABLE audit_part (
            manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
            audit INTEGER NOT NULL REFERENCES audit (id),
            verdict TEXT,
            PRIMARY KEY (manifest, audit)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE audit_content (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)
        ) STRICT;

        CREATE TABLE audit_file (
            content INTEGER NOT NULL REFERENCES audit_content (id),
            manifest INTEGER NOT NULL REFERENCES audit_manifest (id),
            path BLOB NOT NULL,
            size INTEGER NOT NULL,
            mode INTEGER NOT NULL,
            layer INTEGER NOT NULL,
            PRIMARY KEY (content, manifest, path)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX audit_file_manifest ON audit_file (manifest);
        """
}
