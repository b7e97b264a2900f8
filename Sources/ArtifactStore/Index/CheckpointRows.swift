import ContentAddress
import Foundation
import GRDB
import OCI
import TransparencyLog

/// The table of checkpoints of other logs.
enum CheckpointRows {
    static let table = """
        CREATE TABLE seen_checkpoint (
            origin TEXT NOT NULL,
            size INTEGER NOT NULL,
            root BLOB NOT NULL CHECK (length(root) = 32),
            note BLOB NOT NULL,
            seen_at INTEGER NOT NULL,
            PRIMARY KEY (origin, size)
        ) STRICT, WITHOUT ROWID;
        """

    static func insert(_ seen: Checkpoint, note: [UInt8], at time: Timestamp, in db: Database) throws {
        // Whatever was checked before the transaction, a log never gets two roots of one size.
        try db.execute(
            sql: "INSERT INTO seen_checkpoint (origin, size, root, note, seen_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                seen.origin, seen.size, seen.root.column, Data(note), time.milliseconds,
            ]
        )
    }

    /// Makes the checkpoints that were signed here those of another log, when the own one gets another name.
    static func moveOwn(of origin: String, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO seen_checkpoint (origin, size, root, note, seen_at)
                    SELECT ?, size, root, note, signed_at FROM log_checkpoint
                """,
            arguments: [origin]
        )
        try db.execute(sql: "DELETE FROM log_checkpoint")
    }

    static func has(_ checkpoint: Checkpoint, in db: Database) throws -> Bool {
        let sql = "SELECT 1 FROM seen_checkpoint WHERE origin = ? AND size = ? AND root = ?"
        let arguments: StatementArguments = [checkpoint.origin, checkpoint.size, checkpoint.root.column]
        return try Int.fetchOne(db, sql: sql, arguments: arguments) != nil
    }

    static func list(of origin: String, in db: Database) throws -> [Checkpoint] {
        let sql = "SELECT size, root FROM seen_checkpoint WHERE origin = ? ORDER BY size"
        return try Row.fetchAll(db, sql: sql, arguments: [origin]).map { row in
            Checkpoint(origin: origin, size: row["size"], root: try row.digest("root"))
        }
    }
}
