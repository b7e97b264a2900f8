import GRDB

/// The tables of the tamper-evident log over the events (docs/store-format.md).
enum LogSchema {
    /// `log_hash` has the leaves' hashes, and of the nodes above them each eighth level: the hashes of tiles.
    static let tables = """
        CREATE TABLE log_hash (
            level INTEGER NOT NULL,
            position INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            PRIMARY KEY (level, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE log_tree (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            origin TEXT NOT NULL,
            size INTEGER NOT NULL,
            roots BLOB NOT NULL
        ) STRICT;
        CREATE TABLE log_checkpoint (
            size INTEGER PRIMARY KEY,
            root BLOB NOT NULL CHECK (length(root) = 32),
            note BLOB NOT NULL,
            signed_at INTEGER NOT NULL
        ) STRICT;
        """

    /// A name that no other log has.
    static func newOrigin() -> String {
        "bindery-" + (0..<4).map { _ in LogRows.word(UInt32.random(in: .min ... .max)) }.joined()
    }

    /// Makes the tables, and leaves of the events that are there.
    static func migrate(_ db: Database) throws {
        try db.execute(sql: tables)
        try db.execute(
            sql: "INSERT INTO log_tree (id, origin, size, roots) VALUES (1, ?, 0, x'')",
            arguments: [newOrigin()]
        )
        let cursor = try Row.fetchCursor(db, sql: "SELECT body FROM event ORDER BY sequence")
        while let row = try cursor.next() { try LogRows.append(row["body"], in: db) }
    }
}
