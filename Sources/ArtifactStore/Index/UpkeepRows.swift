import GRDB
import OCI

/// The table of what was last done to keep the store in order.
enum UpkeepRows {
    static let table = """
        CREATE TABLE upkeep (
            kind TEXT PRIMARY KEY NOT NULL,
            finished_at INTEGER NOT NULL,
            faults INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Whether the index itself has the table: a reader of an earlier schema sees an empty one.
    static func isKept(in db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT 1 FROM main.sqlite_schema WHERE name = 'upkeep'") != nil
    }

    static func replace(_ upkeep: Upkeep, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO upkeep (kind, finished_at, faults, bytes) VALUES (?, ?, ?, ?)",
            arguments: [upkeep.kind.rawValue, upkeep.finishedAt.milliseconds, upkeep.faults, upkeep.bytes]
        )
    }

    /// All that this program knows.
    static func all(in db: Database) throws -> [Upkeep] {
        try Row.fetchAll(db, sql: "SELECT * FROM upkeep").compactMap { row in
            guard let kind = Upkeep.Kind(rawValue: row["kind"]) else { return nil }
            return Upkeep(
                kind: kind,
                finishedAt: Timestamp(milliseconds: row["finished_at"]),
                faults: row["faults"],
                bytes: row["bytes"]
            )
        }
    }
}
