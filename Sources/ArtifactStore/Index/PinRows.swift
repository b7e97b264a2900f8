import ContentAddress
import GRDB
import OCI

/// The table of pins.
enum PinRows {
    static func insert(_ pin: Pin, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO pin (digest, reason, pinned_at, pinned_by) VALUES (?, ?, ?, ?)",
            arguments: [pin.digest.column, pin.reason, pin.pinnedAt.milliseconds, pin.pinnedBy]
        )
    }

    static func remove(_ digest: Digest, in db: Database) throws -> Bool {
        try db.execute(sql: "DELETE FROM pin WHERE digest = ?", arguments: [digest.column])
        return db.changesCount > 0
    }

    static func exists(_ digest: Digest, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM pin WHERE digest = ?)")
        return try Bool.fetchOne(statement, arguments: [digest.column]) ?? false
    }

    static func all(in db: Database) throws -> [Pin] {
        try Row.fetchAll(db, sql: "SELECT * FROM pin ORDER BY pinned_at, digest").map { row in
            Pin(
                digest: try row.digest("digest"),
                reason: row["reason"],
                pinnedAt: Timestamp(milliseconds: row["pinned_at"]),
                pinnedBy: row["pinned_by"]
            )
        }
    }
}
