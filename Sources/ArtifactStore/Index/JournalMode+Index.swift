import GRDB

extension JournalMode {
    /// Finds the mode of an index, or sets it where the index has nothing in it yet.
    static func settle(_ db: Database, _ paths: StorePaths, wanted: JournalMode?) throws -> JournalMode {
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 else {
            return try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal" ? .wal : .rollback
        }
        let mode = wanted ?? fitting(paths.root)
        try set(mode, db, paths)
        return mode
    }

    /// Changes the mode; nobody else may have the index open.
    static func set(_ mode: JournalMode, _ db: Database, _ paths: StorePaths) throws {
        let name = mode == .wal ? "wal" : "delete"
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode = \(name)") == name else {
            let reason = mode == .wal ? "SQLite can't keep a log beside it" : "another process has it open"
            throw StoreError.index(path: paths.index, failure: mode == .wal ? .other : .busy, reason: reason)
        }
    }
}
