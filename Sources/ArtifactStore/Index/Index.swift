import GRDB
import Glibc
import SystemIO

/// The SQLite index: opened once, checked to be ours, its failures turned into ``StoreError``.
final class Index: Sendable {
    private let path: String
    private let reader: any DatabaseReader
    private let writer: (any DatabaseWriter)?
    private let durable: Bool
    private let journal: JournalMode
    private let paths: StorePaths
    private let entries: EntryLog
    private let watched: ReadOnlyIndex.Watched?

    /// Opens the index, and makes or migrates it where it may be written.
    init(paths: StorePaths, options: StoreOptions, writable: Bool) throws(StoreError) {
        path = paths.index
        self.paths = paths
        durable = options.durable
        entries = EntryLog(paths: paths, isDurable: options.durable)
        var configuration = Configuration()
        configuration.busyMode = .timeout(options.busyTimeout)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase(Self.prepareEmpty)
        (reader, writer, journal, watched) = try Self.translating(path: path) {
            if writable {
                let lock = try OpeningLock(paths, timeout: options.busyTimeout)
                defer { extendLifetime(lock) }
                let isNew = ((try? FileStatus.ofLink(paths.index))?.size ?? 0) == 0
                let older = isNew ? try OpeningLock.waitForOlder(paths, timeout: options.busyTimeout) : nil
                defer { extendLifetime(older) }
                // One connection: a pool has more to open and, to be sure of its log, changes the schema twice.
                let queue = try DatabaseQueue(path: paths.index, configuration: configuration)
                let journal = try Self.prepare(queue, options, paths, isNew: isNew)
                if options.access == .recording { queue.writeWithoutTransaction { KeptLog.keep($0, paths) } }
                return (queue, queue, journal, nil)
            }
            let opened = try Self.openReadOnly(paths, configuration)
            return (opened.reader, nil, .wal, opened.watched)
        }
    }

    /// One transaction that reads.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        let value = try Self.translating(path: path) { try reader.read(body) }
        if let watched, watched != ReadOnlyIndex.Watched(paths) {
            // What was read may be of two states: another user's process wrote meanwhile.
            throw .index(path: path, failure: .busy, reason: "it changed while it was read")
        }
        return value
    }

    /// Whether it was opened for writing.
    var isWritable: Bool { writer != nil }

    /// Runs a change on a copy of the index in memory, on which the missing migrations ran.
    func withCopy(_ body: (Database) throws -> Void) throws(StoreError) {
        try Self.translating(path: path) {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            let copy = try DatabaseQueue(configuration: configuration)
            try reader.backup(to: copy)
            try Schema.migrator().migrate(copy)
            try copy.write(body)
        }
    }

    /// Copies the index, in one state, by SQLite's online backup.
    func backUp(to copy: DatabaseQueue) throws {
        try reader.backup(to: copy)
        guard watched == nil || watched == ReadOnlyIndex.Watched(paths) else {
            throw StoreError.index(path: path, failure: .busy, reason: "it changed while it was read")
        }
    }

    /// One transaction that changes the index and is on stable storage at return.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        try Self.translating(path: path) {
            guard let writer else { throw StoreError.readOnly(path: path) }
            return try writer.write { try entries.record($0, body) }
        }
    }

    /// The connection that writes, outside of any transaction.
    func withWriter<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        try Self.translating(path: path) {
            guard let writer else { throw StoreError.readOnly(path: path) }
            return try writer.writeWithoutTransaction(body)
        }
    }

    /// One transaction whose loss with the power does no harm, such as a lease: it isn't synced.
    ///
    /// With a rollback journal it is: a commit that isn't may leave a journal that undoes a later one.
    func writeUnsynced<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        try Self.translating(path: path) {
            guard let writer else { throw StoreError.readOnly(path: path) }
            guard journal == .wal else { return try writer.write { try entries.record($0, body) } }
            return try writer.writeWithoutTransaction { db in
                if durable { try db.execute(sql: "PRAGMA synchronous = NORMAL") }
                var value: Value?
                do {
                    try db.inTransaction(.immediate) {
                        value = try entries.record(db, body)
                        return .commit
                    }
                } catch {
                    try Self.setSynchronous(db, journal, durable: durable)
                    throw error
                }
                try Self.setSynchronous(db, journal, durable: durable)
                guard let value else { throw StoreError.index(path: path, failure: .other, reason: "no result") }
                return value
            }
        }
    }

    private static func prepare(
        _ queue: DatabaseQueue,
        _ options: StoreOptions,
        _ paths: StorePaths,
        isNew: Bool
    ) throws -> JournalMode {
        let migrator = Schema.migrator(at: options.now, by: { options.actor })
        let (journal, isCurrent) = try queue.writeWithoutTransaction { db in
            try checkIdentity(db, path: paths.root, isWritten: true)
            let journal = try JournalMode.settle(db, paths, wanted: options.journal)
            try setSynchronous(db, journal, durable: options.durable)
            // Opens the log and the memory beside it: where there is no room for them, the migrator takes the failure
            // for a missing table.
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
            return (journal, try migrator.hasCompletedMigrations(db))
        }
        guard !isCurrent else { return journal }
        let older = isNew ? nil : try OpeningLock.waitForOlder(paths, timeout: options.busyTimeout)
        defer { extendLifetime(older) }
        try backUp(queue, migrator, paths)
        try migrator.migrate(queue)
        return journal
    }

    /// Copies an index that an earlier version made to `bindery.db.before-N`, N being the first migration to come.
    ///
    /// Each migration is one transaction, so that a crash between two leaves an index that the next start migrates on;
    /// the copy is for whoever wants to go back.
    private static func backUp(_ queue: DatabaseQueue, _ migrator: DatabaseMigrator, _ paths: StorePaths) throws {
        let done = try queue.read { try applied($0) }
        guard !done.isEmpty, let next = migrator.migrations.first(where: { !done.contains($0) }) else { return }
        let number = next.prefix { $0 != " " }
        let target = "\(paths.index).before-\(number)"
        let partial = target + ".partial"
        try Directory.remove(partial)
        try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
        try File.open(partial).sync()
        try Directory.rename(partial, to: target)
        try Directory.sync(paths.root)
    }

    /// Lets collection give pages back: SQLite takes this setting before the first page only.
    @Sendable private static func prepareEmpty(_ db: Database) throws {
        guard !db.configuration.readonly, try Int.fetchOne(db, sql: "PRAGMA page_count") == 0 else { return }
        try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
    }

    private static func setSynchronous(_ db: Database, _ journal: JournalMode, durable: Bool) throws {
        let wanted = durable ? journal.synchronous : ("OFF", 0)
        try db.execute(sql: "PRAGMA synchronous = \(wanted.0)")
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == wanted.1 else {
            throw StoreError.index(path: "", failure: .other, reason: "SQLite keeps another setting of synchronous")
        }
    }

    static func checkIdentity(_ db: Database, path: String, isWritten: Bool) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        // The table of migrations is committed before the first of them: a process may have been killed in between.
        let isEmpty =
            try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'") == 0
        if isEmpty, application == 0 { return }
        guard application == Schema.applicationID else {
            throw StoreError.notAStore(path: path, reason: "its bindery.db was made by another program")
        }
        let newer = "a newer Bindery made it (format \(version)); update this one"
        guard version <= StorePaths.formatVersion else { throw StoreError.notAStore(path: path, reason: newer) }
        guard try Schema.migrator().hasBeenSuperseded(db) else { return }
        guard !isWritten else {
            throw StoreError.notAStore(path: path, reason: newer + ", this one can only read it")
        }
        let sql = "SELECT max(reader) FROM compatibility"
        let reader = try db.tableExists("compatibility") ? Int.fetchOne(db, sql: sql) : nil
        guard let reader, reader <= Schema.latest else { throw StoreError.notAStore(path: path, reason: newer) }
    }

    private static func applied(_ db: Database) throws -> Set<String> {
        try db.tableExists("grdb_migrations") ? Schema.migrator().appliedIdentifiers(db) : []
    }

    private static func openReadOnly(_ paths: StorePaths, _ base: Configuration) throws -> ReadOnlyIndex.Opened {
        let opened = try ReadOnlyIndex.open(paths, base)
        let isComplete = try opened.reader.read { db in
            try checkIdentity(db, path: paths.root, isWritten: false)
            // Another process is making the store at this moment, or was killed while it did.
            guard try !applied(db).isEmpty else { throw StoreError.noStore(path: paths.root) }
            return try Schema.migrator().hasCompletedMigrations(db)
        }
        if !isComplete { try EarlierSchema.complete(opened.reader) }
        return opened
    }

    static func translating<Value: ~Copyable>(
        path: String,
        _ body: () throws -> Value
    ) throws(StoreError) -> Value {
        do {
            return try body()
        } catch let error as StoreError {
            throw error
        } catch let error as SystemError {
            throw .system(error)
        } catch let error as DatabaseError {
            throw .index(path: path, failure: failure(error), reason: reason(error))
        } catch {
            throw .index(path: path, failure: .other, reason: "\(error)")
        }
    }

    /// Changes how an index that is there keeps itself whole, while nobody else has it open, with an event; nil when it
    /// was so.
    ///
    /// In SQLite's exclusive mode a write-ahead log needs no shared memory (SQLite, "Write-Ahead Logging", section 8).
    static func setJournal(
        _ mode: JournalMode,
        _ paths: StorePaths,
        _ options: StoreOptions
    ) throws(StoreError) -> SettingChange? {
        try translating(path: paths.index) {
            let lock = try OpeningLock(paths, timeout: options.busyTimeout)
            defer { extendLifetime(lock) }
            var configuration = Configuration()
            configuration.busyMode = .timeout(options.busyTimeout)
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
            let queue = try DatabaseQueue(path: paths.index, configuration: configuration)
            return try queue.writeWithoutTransaction { db in
                try checkIdentity(db, path: paths.root, isWritten: true)
                let before = try JournalMode.settle(db, paths, wanted: mode)
                try JournalMode.set(mode, db, paths)
                // Without the table, the store's making was cut off before its first migration.
                guard before != mode, try db.tableExists("event") else { return nil }
                let change = SettingChange(name: "journal", before: before.rawValue, after: mode.rawValue)
                try setSynchronous(db, mode, durable: options.durable)
                try db.inTransaction {
                    try EntryLog(paths: paths, isDurable: options.durable).record(db) { db in
                        try change.append(at: options.now(), by: options.actor, in: db)
                    }
                    return .commit
                }
                return change
            }
        }
    }

    private static func failure(_ error: DatabaseError) -> StoreError.IndexFailure {
        // The memory that processes share is a file, too, and has no error of its own for a full disk.
        if error.extendedResultCode == .SQLITE_IOERR_SHMSIZE { return .full }
        return switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_FULL: .full
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_NOMEM: .environment
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged
        default: .other
        }
    }

    private static func reason(_ error: DatabaseError) -> String {
        if [.SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMMAP].contains(error.extendedResultCode) {
            return "its write-ahead log needs memory that processes share, which this file system can't give; "
                + "`bindery init --journal rollback` does without, once nobody else uses the store"
        }
        return failure(error) == .full ? "no space left on its file system" : error.message ?? "\(error.resultCode)"
    }
}
