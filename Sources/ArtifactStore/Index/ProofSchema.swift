/// The tables of trusted keys, sealed releases, signed statements and the store's rules (docs/store-format.md).
enum ProofSchema {
    static let tables = """
        CREATE TABLE trusted_key (
            identifier BLOB PRIMARY KEY NOT NULL CHECK (length(identifier) = 32),
            name TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            public_key BLOB NOT NULL,
            scope TEXT NOT NULL,
            valid_from INTEGER,
            valid_until INTEGER,
            trusted_at INTEGER NOT NULL,
            trusted_by TEXT NOT NULL,
            revoked_at INTEGER,
            revoked_reason TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sealed_release (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            sealed_at INTEGER NOT NULL,
            sealed_by TEXT NOT NULL,
            PRIMARY KEY (name, version)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sealed_release_digest ON sealed_release (digest);
        CREATE TABLE sealed_file (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            platform TEXT NOT NULL,
            file TEXT NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            file_name TEXT NOT NULL,
            mode INTEGER NOT NULL,
            annotations TEXT NOT NULL,
            PRIMARY KEY (name, version, platform, file),
            FOREIGN KEY (name, version) REFERENCES sealed_release (name, version)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE attestation (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            predicate_type TEXT NOT NULL,
            key BLOB NOT NULL CHECK (length(key) = 32),
            payload BLOB NOT NULL CHECK (length(payload) = 32),
            bundle BLOB NOT NULL,
            added_at INTEGER NOT NULL,
            added_by TEXT NOT NULL,
            UNIQUE (payload, key)
        ) STRICT;
        CREATE TABLE attestation_subject (
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            attestation INTEGER NOT NULL REFERENCES attestation (id) ON DELETE CASCADE,
            PRIMARY KEY (digest, attestation)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX attestation_subject_attestation ON attestation_subject (attestation);

        CREATE TABLE rule (
            name TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
