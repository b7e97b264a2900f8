import CSQLite
import GRDB
import SystemIO

/// The write-ahead log of an index, left behind for the next process by those that only record what they found.
///
/// Whoever is the last to close an index moves its log into it, and removes the log. That takes two syncs, and the next
/// log takes a third one to begin with. They make no commit more durable than it is, and processes that record little,
/// one after the other, would wait for them most of their time.
enum KeptLog {
    /// A longer one is moved, since each process that opens the index reads all of it: 1 MiB.
    private static let limit: Int64 = 1 << 20

    /// Lets a connection leave the log behind when it is closed, where it is short.
    static func keep(_ db: Database, _ paths: StorePaths) {
        let size = (try? FileStatus.ofLink(paths.index + "-wal"))?.size ?? 0
        guard size < limit, let connection = db.sqliteConnection else { return }
        // Where SQLite refuses, the log is moved.
        _ = csqlite_keep_log_on_close(connection)
    }
}
