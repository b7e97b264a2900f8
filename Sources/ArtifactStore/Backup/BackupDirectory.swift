import OCI
import SystemIO

/// A directory that a backup is written to, or a store restored to: a store's own, whose index gets its name last.
///
/// A process that is killed leaves the index of before, or none, and blobs that the next one finds. With
/// `bindery.db.partial` and no `bindery.db`, nothing else takes the directory for a store.
struct BackupDirectory: ~Copyable {
    let paths: StorePaths
    private let lock: OpeningLock

    /// The index before it has its name.
    var partial: String { paths.root + "/" + Self.partialName }

    private static let partialName = "bindery.db.partial"
    private static let ownNames = Store.ownNames.union(["quarantine", "log"])

    /// Makes the directory where it isn't, and keeps others out of it.
    init(_ paths: StorePaths, timeout: Double) throws(StoreError) {
        self.paths = paths
        try Self.check(paths)
        try Store.makeDirectories(paths, sharing: .umask, durable: true)
        lock = try Index.translating(path: paths.lock) { try OpeningLock(paths, timeout: timeout) }
    }

    /// Throws when the directory has something that neither a store nor a half-written copy of one has.
    private static func check(_ paths: StorePaths) throws(StoreError) {
        guard let status = try? FileStatus.of(paths.root) else { return }
        guard status.kind == .directory else {
            throw .notAStore(path: paths.root, reason: "it is a \(status.kind.rawValue)")
        }
        guard (try? FileStatus.ofLink(paths.index)) == nil else { return }
        let names = try system { () throws(SystemError) in try Directory.names(in: paths.root) }
        if let unknownName = names.first(where: { !ownNames.contains($0) && !$0.hasPrefix(partialName) }) {
            throw .notAStore(path: paths.root, reason: "there is no bindery.db, but there is '\(unknownName)'")
        }
    }

    /// Gives the index its name, which is on stable storage at return.
    func commit() throws(StoreError) {
        try system { () throws(SystemError) in
            try Directory.sync(paths.blobs)
            try Directory.rename(partial, to: paths.index)
            try Directory.sync(paths.root)
        }
    }
}
