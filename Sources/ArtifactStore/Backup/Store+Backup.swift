import ContentAddress
import GRDB
import Logging
import OCI
import SystemIO

extension Store {
    /// How often a backup begins again since a collection took blobs of its copy of the index.
    private static var backupAttempts: Int { 10 }

    /// Copies the store to a directory, which is a store then: what is there already isn't copied again.
    ///
    /// May run while anything else does. The index is copied by SQLite, in one state; it takes the place of the earlier copy
    /// when all of its blobs are on stable storage there. `rehashing` hashes the blobs that are there; `pruning`
    /// removes those that the index doesn't name any more. Blobs that are damaged here and not there are faults in the
    /// report.
    ///
    /// Throws ``StoreError/otherHistory(path:)`` when the directory has something else than an earlier state of this
    /// store, and ``StoreError/insideStore(path:)`` for one inside of it.
    package func backUp(
        to path: String,
        rehashing: Bool = false,
        pruning: Bool = false,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(StoreError) -> BackupReport {
        let target = StorePaths(root: path)
        guard !isAbove(target) else { throw .insideStore(path: path) }
        try recover(target)
        let directory = try BackupDirectory(target, timeout: options.busyTimeout)
        try checkIsEarlier(target)
        var report = BackupReport()
        var sizes: [Digest: Int64] = [:]
        let group = try sharedGroup()
        for attempt in 1...Self.backupAttempts {
            report = BackupReport()
            try index.snapshot(to: directory.partial) { db in
                try Self.forgetThisMachine(db)
                try Self.noteSharing(group, in: db)
                sizes = try BlobRows.all(in: db)
                report.event = try EventRows.last(in: db)
            }
            options.logger.debug("snapshot taken", metadata: ["blobs": "\(sizes.count)"])
            let copy = BlobCopy(source: blobs, target: target, isRehashing: rehashing, now: now, progress: progress)
            let missing = try copy.run(sizes, into: &report)
            // A collection took what nothing names any more: the next copy of the index doesn't name it either. What
            // came back meanwhile is copied next time.
            let isGone = try index.read { db in
                try missing.allSatisfy { try BlobRows.size(of: $0, in: db) != nil && !blobs.isThere($0) }
            }
            guard isGone || attempt == Self.backupAttempts else { continue }
            report.faults += missing.map { .init(digest: $0, path: place(of: $0), reason: "there is no such file") }
            break
        }
        report.faults.sort { $0.digest < $1.digest }
        try EntryLog.complete(target, index: directory.partial, comparing: false)
        try directory.commit()
        if pruning { report.removed = try Self.prune(target, keeping: sizes) }
        return report
    }

    /// Whether a directory, there or to be made, is the store's or inside of it.
    private func isAbove(_ target: StorePaths) -> Bool {
        guard let root = try? FileStatus.of(paths.root).identity else { return false }
        var place = target.root
        while (try? FileStatus.of(place)) == nil, place != Directory.parent(of: place) {
            place = Directory.parent(of: place)
        }
        var last: FileStatus.Identity?
        while let identity = try? FileStatus.of(place).identity, identity != last {
            if identity == root { return true }
            (last, place) = (identity, place + "/..")
        }
        return false
    }

    /// Ends what a command that was killed began in a backup: it would be applied to the index to come.
    private func recover(_ target: StorePaths) throws(StoreError) {
        guard try Self.isThere(target) else { return }
        guard ["-journal", "-wal"].contains(where: { ((try? FileStatus.of(target.index + $0))?.size ?? 0) > 0 })
        else { return }
        var writing = options
        writing.create = false
        writing.access = .writing
        _ = try Store(at: target.root, options: writing)
    }

    /// Throws unless the history of a directory's index, where there is one, is the beginning of this store's.
    private func checkIsEarlier(_ target: StorePaths) throws(StoreError) {
        guard try Self.isThere(target) else { return }
        var reading = options
        reading.create = false
        reading.access = .reading
        let other = try Store(at: target.root, options: reading)
        guard let last = try other.latestEvents(limit: 1).last else { return }
        guard try events(after: last.sequence - 1, limit: 1).first == last else {
            throw .otherHistory(path: target.root)
        }
    }

    /// Removes what has a meaning on one machine and at one time only.
    static func forgetThisMachine(_ db: Database) throws {
        for table in ["lease_blob", "lease", "scrub", "blob_file", "upkeep"] where try db.tableExists(table) {
            try db.execute(sql: "DELETE FROM \(table)")
        }
    }

    private static func prune(_ target: StorePaths, keeping sizes: [Digest: Int64]) throws(StoreError) -> Int {
        try system { () throws(SystemError) in
            var count = 0
            for name in try Directory.names(in: target.blobs) {
                guard let digest = try? Digest(hex: name), sizes[digest] == nil else { continue }
                try Directory.remove(target.blob(digest))
                count += 1
            }
            return count
        }
    }
}
