/// The tables of what was pushed to repositories (docs/store-format.md).
enum RegistrySchema {
    /// `repository_blob` has blobs that were pushed or mounted, and that no manifest may name yet; `repository_manifest` the
    /// manifests, with the digest of another algorithm that one was pushed under, and its subject as it is written.
    ///
    /// `other_digest` has the SHA-256 of what is asked for by another digest. `repository_missing` has what a manifest names and
    /// its repository lacks, whoever else has it: it can't be had there until it is pushed there.
    static let tables = """
        CREATE TABLE repository_blob (
            repository TEXT NOT NULL,
            digest BLOB NOT NULL REFERENCES blob (digest),
            pushed_at INTEGER NOT NULL,
            PRIMARY KEY (repository, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX repository_blob_digest ON repository_blob (digest);
        CREATE TABLE repository_manifest (
            repository TEXT NOT NULL,
            digest BLOB NOT NULL REFERENCES image (digest),
            name TEXT,
            subject TEXT,
            pushed_at INTEGER NOT NULL,
            PRIMARY KEY (repository, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX repository_manifest_digest ON repository_manifest (digest);
        CREATE INDEX repository_manifest_subject ON repository_manifest (repository, subject) WHERE subject IS NOT NULL;
        CREATE TABLE other_digest (
            name TEXT PRIMARY KEY NOT NULL,
            digest BLOB NOT NULL REFERENCES blob (digest) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX other_digest_digest ON other_digest (digest);
        CREATE TABLE repository_missing (
            repository TEXT NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
            PRIMARY KEY (repository, digest, image)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX repository_missing_image ON repository_missing (image);
        """
}
