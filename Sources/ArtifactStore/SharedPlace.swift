import Glibc
import SystemIO

/// A file or directory of a store whose mode says who may write to the store.
struct SharedPlace {
    let path: String
    private let mode: mode_t
    /// The group that it gets; nil where only modes change.
    private let group: gid_t?
    private let status: FileStatus

    var isDone: Bool { status.mode == mode && (group == nil || group == status.group) }

    /// Whether this user may set modes there.
    var isChangeable: Bool { [0, status.owner].contains(geteuid()) }

    func set() throws(SystemError) { try Directory.setMode(path, mode, group: group) }

    /// The log's directories and files.
    private static func logPlaces(in directory: String) throws(SystemError) -> [String] {
        guard (try? FileStatus.ofLink(directory))?.kind == .directory else { return [] }
        var places = [directory]
        for name in try Directory.names(in: directory) {
            let path = "\(directory)/\(name)"
            places += (try? FileStatus.ofLink(path))?.kind == .directory ? try logPlaces(in: path) : [path]
        }
        return places
    }

    /// What there is of it in a store, the lock files of running commands included.
    ///
    /// As `git init --shared=group` does it: the set-group-id bit gives all that is made below to the directory's group,
    /// and SQLite gives the files beside the index the index's own mode.
    static func all(of paths: StorePaths, _ sharing: StoreOptions.Sharing) throws(SystemError) -> [SharedPlace] {
        let isGroup = sharing == .group
        let mask = umask(0)
        umask(mask)
        let group = isGroup ? try FileStatus.of(paths.root).group : nil
        let open: mode_t = isGroup ? 0o2775 : 0o777 & ~mask
        let own: mode_t = isGroup ? 0o2770 : 0o700
        let file: mode_t = isGroup ? 0o664 : 0o666 & ~mask
        // Whoever may write to the index may take the lock, and nobody else.
        let lock = file & 0o222 | (file & 0o222) << 1
        var wanted: [(path: String, kind: FileStatus.Kind, mode: mode_t)] = [
            (paths.root, .directory, open), (paths.blobsRoot, .directory, open), (paths.blobs, .directory, open),
            (paths.staging, .directory, own), (paths.quarantine, .directory, own), (paths.readings, .directory, own),
            (paths.uploads, .directory, own),
            (paths.lock, .file, lock),
        ]
        wanted += ["", "-wal", "-shm", "-journal"].map { (paths.index + $0, .file, file) }
        if (try? FileStatus.ofLink(paths.staging))?.kind == .directory {
            let leases = try Directory.names(in: paths.staging).filter { $0.hasSuffix(LeaseFile.suffix) }
            wanted += leases.map { (paths.staging + "/" + $0, .file, own & 0o666) }
        }
        for path in try logPlaces(in: paths.log) {
            let kind = (try? FileStatus.ofLink(path))?.kind ?? .file
            wanted.append((path, kind, kind == .directory ? open : file))
        }
        return wanted.compactMap { path, kind, mode in
            guard let status = try? FileStatus.ofLink(path), status.kind == kind else { return nil }
            return SharedPlace(path: path, mode: mode, group: group, status: status)
        }
    }
}
