import GRDB

extension Index {
    /// Runs a change and takes it back: what would happen, with nothing written; on a copy in memory where the index
    /// can't be changed.
    func rehearse(_ body: (Database) throws -> Void) throws(StoreError) {
        guard isWritable else { return try withCopy(body) }
        try withWriter { db in
            try db.inTransaction(.immediate) {
                try body(db)
                return .rollback
            }
        }
    }

    /// Gives pages that hold nothing any more back to the file system; returns how many bytes.
    ///
    /// Readers of an older state keep the write-ahead log at its size; the next call, or the last one that closes
    /// the index, gets it then.
    func shrink() throws(StoreError) -> Int64 {
        try withWriter { db in
            let before = try Self.size(db)
            // The pragma frees a page at each step, so the statement has to run to its end.
            _ = try Row.fetchAll(db, sql: "PRAGMA incremental_vacuum")
            let freed = before - (try Self.size(db))
            _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            return freed
        }
    }

    /// Moves what the write-ahead log holds into the index, as far as readers allow, and shortens the log to nothing.
    func checkpoint() throws(StoreError) {
        try withWriter { _ = try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    private static func size(_ db: Database) throws -> Int64 {
        let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        return pages * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
    }
}
