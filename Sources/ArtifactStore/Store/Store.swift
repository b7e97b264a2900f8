internal import Glibc
internal import OCI
internal import SystemIO

/// The store: blobs named by their digest, an index of releases, and the history of both.
///
/// All calls block, and may be made from any number of threads and processes at once: changes wait for each other,
/// readers wait for nobody.
public final class Store: Sendable {
    /// Where its parts are.
    public let paths: StorePaths
    /// Whether it can be changed.
    public let isWritable: Bool
    let options: StoreOptions
    let index: Index

    /// Opens the store in a folder; makes it first when the options say so and nothing is there.
    ///
    /// A store on a read-only file system, or of another user, is opened for reading. Throws ``StoreError/noStore(path:)``,
    /// ``StoreError/notAStore(path:reason:)``, or what the system or SQLite failed at.
    public init(at path: String, options: StoreOptions) throws(StoreError) {
        paths = StorePaths(root: path)
        self.options = options
        let isThere = (try? FileStatus.of(paths.index)) != nil
        if !isThere {
            guard options.create else { throw .noStore(path: path) }
            try Self.create(paths, durable: options.durable)
        }
        isWritable =
            options.access == .writing && access(paths.root, W_OK) == 0 && (!isThere || access(paths.index, W_OK) == 0)
        index = try Index(paths: paths, options: options, writable: isWritable)
    }

    private static func create(_ paths: StorePaths, durable: Bool) throws(StoreError) {
        if let status = try? FileStatus.of(paths.root) {
            guard status.kind == .directory else {
                throw .notAStore(path: paths.root, reason: "it is a \(status.kind.rawValue)")
            }
            // Other processes may be making the same store at this moment, hence our own names are no strangers.
            let ours: Set = [
                "bindery.db", "bindery.db-wal", "bindery.db-shm", "bindery.db-journal", "blobs", "staging",
            ]
            let names = try system { () throws(SystemError) in try Directory.names(in: paths.root) }
            if let stranger = names.first(where: { !ours.contains($0) }) {
                throw .notAStore(path: paths.root, reason: "there is no bindery.db, but there is '\(stranger)'")
            }
        }
        try system { () throws(SystemError) in
            try Directory.createWithParents(paths.blobs)
            try Directory.createWithParents(paths.staging, mode: 0o700)
            guard durable else { return }
            for folder in [paths.blobsRoot, paths.root, Directory.parent(of: paths.root)] { try Directory.sync(folder) }
        }
    }

    /// The time, by the options' clock.
    var now: Timestamp { options.now() }
}
