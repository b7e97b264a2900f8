import GRDB
import SystemIO

extension Index {
    /// Copies one state of the index to a file with a rollback journal, by SQLite's online backup.
    ///
    /// `edit` changes the copy in one transaction. At return it is on stable storage.
    func snapshot(to path: String, _ edit: (Database) throws -> Void) throws(StoreError) {
        try Self.translating(path: path) {
            for end in ["", "-journal", "-wal", "-shm"] { try Directory.remove(path + end) }
            let copy = try DatabaseQueue(path: path)
            try backUp(to: copy)
            try copy.writeWithoutTransaction { db in
                // The backup brings the journal mode along, too.
                guard try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE") == "delete" else {
                    throw StoreError.index(path: path, failure: .other, reason: "it has no rollback journal")
                }
                try db.inTransaction {
                    try edit(db)
                    return .commit
                }
            }
            try copy.close()
            try File.open(path).sync()
        }
    }

    /// Runs the migrations of an index that nobody has opened, changes it, and gives it the journal mode of its
    /// directory.
    static func edit(
        _ path: String,
        _ paths: StorePaths,
        _ options: StoreOptions,
        _ body: (Database) throws -> Void
    ) throws(StoreError) {
        try translating(path: path) {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { try checkIdentity($0, path: path, isWritten: true) }
            try Schema.migrator(at: options.now, by: { options.actor }).migrate(queue)
            try queue.write(body)
            let mode = options.journal ?? JournalMode.fitting(paths.root)
            try queue.writeWithoutTransaction { try JournalMode.set(mode, $0, paths) }
            try queue.close()
            try File.open(path).sync()
        }
    }
}
