import ContentAddress
import GRDB
import OCI

/// How far a verification came that can be taken up again.
struct ScrubRecord {
    let startedAt: Timestamp
    /// All blobs up to this digest have been read.
    let position: Digest
    /// Those among them that had a fault.
    let suspects: [Digest]

    static func load(_ store: Store) throws(StoreError) -> ScrubRecord? {
        try store.index.read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT started_at, position, suspects FROM scrub") else {
                return nil
            }
            let suspects: [String] = try JSONColumn.decode(row["suspects"])
            return ScrubRecord(
                startedAt: Timestamp(milliseconds: row["started_at"]),
                position: try row.digest("position"),
                suspects: try suspects.map { try Digest(hex: $0) }
            )
        }
    }

    /// Notes it; losing that with the power only means reading some blobs again.
    func save(_ store: Store) throws(StoreError) {
        try store.index.writeUnsynced { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO scrub (id, started_at, position, suspects) VALUES (1, ?, ?, ?)",
                arguments: [startedAt.milliseconds, position.column, try JSONColumn.encode(suspects.map(\.hex))]
            )
        }
    }

    static func clear(_ store: Store) throws(StoreError) {
        try store.index.writeUnsynced { try $0.execute(sql: "DELETE FROM scrub") }
    }
}
