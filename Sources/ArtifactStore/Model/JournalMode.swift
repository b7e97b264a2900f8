import SystemIO

/// How SQLite keeps the index whole while it is changed.
///
/// Chosen when the store is made, and kept in the index's own header: opening a store never changes it.
package enum JournalMode: String, Sendable, CaseIterable {
    /// A write-ahead log: readers and a writer don't wait for each other. Its processes share memory, which takes a
    /// file system that can map a file into several of them, and one machine.
    case wal
    /// A rollback journal: a writer waits for readers, and nothing but files is needed.
    case rollback

    /// What a new store in that directory gets.
    static func fitting(_ directory: String) -> JournalMode {
        FileSystem.isOfNetwork(directory) || !FileSystem.sharesMemory(in: directory) ? .rollback : .wal
    }

    /// The value of `synchronous` with which each commit is on stable storage (SQLite, "PRAGMA synchronous").
    ///
    /// A rollback journal's removal is the commit, hence its directory is synced as well.
    var synchronous: (name: String, number: Int) {
        switch self {
        case .wal: ("FULL", 2)
        case .rollback: ("EXTRA", 3)
        }
    }
}
