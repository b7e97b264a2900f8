import Glibc
package import OCI
import SystemIO

/// The store: blobs named by their digest, an index of releases, and the history of both.
///
/// All calls block, and may be made from any number of threads and processes at once: changes wait for each other,
/// readers wait for nobody.
package final class Store: Sendable {
    /// Where its parts are.
    package let paths: StorePaths
    /// Whether it can be changed.
    package let isWritable: Bool
    /// Why it can't be changed, though it wasn't opened for reading; nil where it can.
    package let obstacle: StoreError?
    let options: StoreOptions
    let index: Index
    let blobs: any BlobStorage

    /// Opens the store in a directory; makes it first when the options say so and nothing is there.
    ///
    /// A store on a read-only file system, or of another user, is opened for reading, and so is one on a full disk that is
    /// opened for ``StoreOptions/Access/recording``. Throws ``StoreError/noStore(path:)``,
    /// ``StoreError/notAStore(path:reason:)``, or what the system or SQLite failed at.
    package init(at path: String, options: StoreOptions) throws(StoreError) {
        paths = StorePaths(root: path)
        self.options = options
        blobs = Self.blobs(at: paths, options)
        let isThere = try Self.isThere(paths)
        if !isThere {
            guard options.create else { throw Self.missing(path) }
            try Self.create(paths, options)
        }
        let isAllowed = access(paths.root, W_OK) == 0 && (!isThere || access(paths.index, W_OK) == 0)
        let isAsked = options.access != .reading
        do {
            index = try Self.open(paths, options, writable: isAsked && isAllowed)
            (isWritable, obstacle) = (isAsked && isAllowed, isAsked && !isAllowed ? .readOnly(path: path) : nil)
        } catch  where error.isFullDisk && options.access == .recording {
            index = try Self.open(paths, options, writable: false)
            (isWritable, obstacle) = (false, error)
        }
    }

    /// What keeps the blobs of the store at some paths.
    static func blobs(at paths: StorePaths, _ options: StoreOptions) -> any BlobStorage {
        DirectoryBlobs(paths: paths, durable: options.durable)
    }

    private static func open(
        _ paths: StorePaths,
        _ options: StoreOptions,
        writable: Bool
    ) throws(StoreError) -> Index {
        do {
            return try Index(paths: paths, options: options, writable: writable)
        } catch  where error.isFullDisk && options.access == .freeing && Reserve.release(paths) {
            return try Index(paths: paths, options: options, writable: writable)
        }
    }

    /// Whether there is an index; throws when that can't be seen, or it is not a file by itself.
    static func isThere(_ paths: StorePaths) throws(StoreError) -> Bool {
        let status: FileStatus
        do {
            status = try FileStatus.ofLink(paths.index)
        } catch {
            guard error.isNotFound else { throw .system(error) }
            return false
        }
        // What lies elsewhere isn't under this store's rules: who may write it, what it is synced with.
        for path in [
            paths.blobsRoot, paths.blobs, paths.staging, paths.quarantine, paths.readings, paths.uploads, paths.log,
        ] {
            guard let found = try? FileStatus.ofLink(path), found.kind != .directory else { continue }
            throw .notAStore(path: paths.root, reason: "\(path) is a \(found.kind.rawValue)")
        }
        guard status.kind == .file else {
            throw .notAStore(path: paths.root, reason: "\(paths.index) is a \(status.kind.rawValue)")
        }
        return true
    }

    /// Whether there is a store in a directory.
    package static func isThere(at path: String) throws(StoreError) -> Bool { try isThere(StorePaths(root: path)) }

    /// Changes how the index of a store that is there keeps itself whole, with an event; nil when it was so.
    ///
    /// Throws when another process has it open.
    package static func setJournal(
        _ mode: JournalMode,
        at path: String,
        options: StoreOptions
    ) throws(StoreError) -> SettingChange? {
        let paths = StorePaths(root: path)
        guard try isThere(paths) else { throw .noStore(path: path) }
        return try Index.setJournal(mode, paths, options)
    }

    // `put` makes none in the place of something else.
    private static func missing(_ path: String) -> StoreError {
        guard let kind = (try? FileStatus.of(path))?.kind, kind != .directory else {
            // The entries of a log without its index: nothing is lost.
            guard (try? FileStatus.ofLink(StorePaths(root: path).logOrigin)) != nil else { return .noStore(path: path) }
            return .notAStore(path: path, reason: withoutIndex("log"))
        }
        return .notAStore(path: path, reason: "it is a \(kind.rawValue)")
    }

    private static func withoutIndex(_ name: String) -> String {
        let remedy = name == "log" ? ": `bindery reindex` makes it again" : ""
        return "there is no bindery.db, but there is '\(name)'\(remedy)"
    }

    private static func create(_ paths: StorePaths, _ options: StoreOptions) throws(StoreError) {
        if let status = try? FileStatus.of(paths.root) {
            guard status.kind == .directory else {
                throw .notAStore(path: paths.root, reason: "it is a \(status.kind.rawValue)")
            }
            // Other processes may be making the same store at this moment, hence our own names don't count.
            let names = try system { () throws(SystemError) in try Directory.names(in: paths.root) }
            if !names.contains("bindery.db"), let unknownName = names.first(where: { !ownNames.contains($0) }) {
                throw .notAStore(path: paths.root, reason: withoutIndex(unknownName))
            }
        }
        try makeDirectories(paths, sharing: options.sharing, durable: options.durable)
    }

    /// What a store has before its index has anything in it.
    static let ownNames: Set = [
        "bindery.db", "bindery.db-wal", "bindery.db-shm", "bindery.db-journal", "blobs", "staging", "reserve", "lock",
    ]

    /// Makes the directories of a store where they aren't; their names are durable then.
    static func makeDirectories(
        _ paths: StorePaths,
        sharing: StoreOptions.Sharing,
        durable: Bool
    ) throws(StoreError) {
        // A name is durable when its directory is synced, up to the first that was there.
        var above = [Directory.parent(of: paths.root)]
        while let last = above.last, last != "/", last != ".", (try? FileStatus.of(last)) == nil {
            above.append(Directory.parent(of: last))
        }
        try system { () throws(SystemError) in
            try Directory.createWithParents(paths.blobs)
            try Directory.createWithParents(paths.staging, mode: 0o700)
            try FileSystem.checkRewriting(in: paths.staging)
            if sharing == .group { try share(paths) }
            Reserve.make(paths)
            guard durable else { return }
            for directory in [paths.blobsRoot, paths.root] + above { try Directory.sync(directory) }
        }
    }

    private static func share(_ paths: StorePaths) throws(SystemError) {
        _ = try File.open(paths.index, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o664)
        for place in try SharedPlace.all(of: paths, .group) { try place.set() }
    }

    /// The time, by the options' clock.
    package var now: Timestamp { options.now() }

    /// Who is written into the log.
    package var actor: String { options.actor }
}
