import ContentAddress
import GRDB
import OCI
import SystemIO
import TransparencyLog

extension Store {
    /// Makes a store from a backup, or from any store; every blob is hashed as it is copied.
    ///
    /// A collection is refused there until ``noteVerified()``. Blobs that are damaged in the backup are faults in
    /// the report, and everything else is restored. One that was broken off goes on where it was when it is called
    /// again.
    ///
    /// A store that was shared with a group is shared with the group of that name again, where this machine has it and the
    /// user may give files to it.
    ///
    /// The log gets another name, `origin` or a random one, since the store that the backup is from may go on under its
    /// own: an event `restore` says how that log ended (docs/trust.md). Throws ``StoreError/storeIsThere(path:)`` when
    /// there is a store, and ``StoreError/logIsTaken(_:)`` for a name that the log had.
    package static func restore(
        from path: String,
        at root: String,
        origin: String? = nil,
        options: StoreOptions,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(StoreError) -> BackupReport {
        var reading = options
        reading.access = .reading
        reading.create = false
        let source = try Store(at: path, options: reading)
        let target = StorePaths(root: root)
        guard try !isThere(target) else { throw .storeIsThere(path: root) }
        if let origin { try source.index.read { try FormerLog.check(renaming: origin, in: $0) } }
        let directory = try BackupDirectory(target, timeout: options.busyTimeout)
        // Made by another process while this one waited for the lock.
        guard try !isThere(target) else { throw .storeIsThere(path: root) }
        var report = BackupReport()
        var sizes: [Digest: Int64] = [:]
        try source.index.snapshot(to: directory.partial) { db in try forgetThisMachine(db) }
        let time = options.now()
        report.formerGroup = try source.sharedGroup()
        try Index.edit(directory.partial, target, options) { db in
            sizes = try BlobRows.all(in: db)
            report.event = try EventRows.last(in: db)
            try awaitVerification(in: db)
            if let group = try takeSharing(in: db) { report.formerGroup = group }
            var members = try FormerLog.end(renamed: origin, in: db)
            report.origin = try LogRows.origin(in: db)
            members["source"] = .string(path)
            try EventRows.append(.restore, digest: nil, at: time, by: options.actor, more: members, in: db)
        }
        let copy = BlobCopy(source: source.blobs, target: target, isRehashing: true, now: time, progress: progress)
        let missing = try copy.run(sizes, into: &report)
        report.faults += missing.map { .init(digest: $0, path: source.place(of: $0), reason: "there is no such file") }
        report.faults.sort { $0.digest < $1.digest }
        try EntryLog.complete(target, index: directory.partial, comparing: true)
        try directory.commit()
        Reserve.make(target)
        // The lock that keeps others out keeps this process out, too.
        _ = consume directory
        if let group = report.formerGroup {
            var writing = options
            writing.create = false
            writing.access = .writing
            // The store is whole by now, whoever may write to it.
            report.isShared = (try? Store(at: root, options: writing).share(with: group)) ?? false
        }
        return report
    }
}
