/// The table of blobs whose bytes were compared with their digest, and of the files they were in then.
enum TrustSchema {
    /// It says nothing of the disk's own faults, which `verify` finds; only that no system call has changed the file.
    static let tables = """
        CREATE TABLE blob_file (
            digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
            device INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            size INTEGER NOT NULL,
            changed INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// When the bytes were compared, in milliseconds since 1970: an older look is trusted no more.
    static let ages = "ALTER TABLE blob_file ADD COLUMN checked_at INTEGER NOT NULL DEFAULT 0"
}
