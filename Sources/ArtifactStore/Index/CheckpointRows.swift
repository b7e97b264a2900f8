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

    /// Adds a checkpoint, with its event.
    static func record(
        _ seen: ImportedProofs.SeenCheckpoint,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        let checkpoint = seen.checkpoint
        // Whatever was checked before the transaction, a log never gets two roots of one size.
        try db.execute(
            sql: "INSERT INTO seen_checkpoint (origin, size, root, note, seen_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                checkpoint.origin, checkpoint.size, checkpoint.root.column, Data(seen.note), time.milliseconds,
            ]
        )
        let members: [String: JSONValue] = [
            "origin": .string(checkpoint.origin), "size": .int(checkpoint.size),
            "note": .string(Digest.of(seen.note).description),
        ]
        try EventRows.append(
            .checkpoint,
            digest: checkpoint.root,
            at: time,
            by: actor,
            more: more.merging(members) { _, own in own },
            in: db
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

    /// The largest of each log.
    static func last(in db: Database) throws -> [ImportedProofs.SeenCheckpoint] {
        let sql = "SELECT origin, max(size) AS size, root, note FROM seen_checkpoint GROUP BY origin ORDER BY origin"
        return try Row.fetchAll(db, sql: sql).map { row in
            let checkpoint = Checkpoint(origin: row["origin"], size: row["size"], root: try row.digest("root"))
            return ImportedProofs.SeenCheckpoint(checkpoint, note: Array(row["note"] as Data))
        }
    }

    static func list(of origin: String, in db: Database) throws -> [Checkpoint] {
        let sql = "SELECT size, root FROM seen_checkpoint WHERE origin = ? ORDER BY size"
        return try Row.fetchAll(db, sql: sql, arguments: [origin]).map { row in
            Checkpoint(origin: origin, size: row["size"], root: try row.digest("root"))
        }
    }
}
