/// The tables and columns of collection, pins and verification (docs/store-format.md).
enum RetentionSchema {
    /// `unnamed_at` is when the last thing that named a blob went: the grace period counts from there.
    static let tables = """
        ALTER TABLE blob ADD COLUMN unnamed_at INTEGER;

        CREATE TABLE pin (
            digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
            reason TEXT,
            pinned_at INTEGER NOT NULL,
            pinned_by TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE scrub (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            started_at INTEGER NOT NULL,
            position BLOB NOT NULL,
            suspects TEXT NOT NULL
        ) STRICT;
        """
}
