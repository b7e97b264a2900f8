import ArtifactStore
import ContentAddress
import Glibc
import Release
import SystemIO

/// An earlier context in a folder: the files in it that its own record proves to be ours, by path and digest.
///
/// Anybody may write such a record. So what counts is what stands in the folder, looked for without following a link: a file
/// is the context's only when the record has its path, and its bytes have the digest that the record gives.
struct FormerContext {
    private var files: [(path: String, status: FileStatus)] = []
    /// Each before those in it.
    private var directories: [String] = []

    /// Reads a folder; nil when it is empty.
    ///
    /// Throws ``AssemblerError/outputNotOurs(path:reason:)`` when something in it isn't proved to be the context's.
    init?(in folder: String) throws(AssemblerError) {
        let names = try system { () throws(SystemError) in try Directory.names(in: folder) }
        guard let first = names.first else { return nil }
        guard let digests = Self.digests(in: folder, names) else {
            let reason = "it holds '\(first)' and no \(ContextRecord.fileName) of ours"
            throw .outputNotOurs(path: folder, reason: reason)
        }
        var paths: [String] = []
        try find(names, in: "", of: folder, digests, &paths)
        let found = Parallel.map(paths, width: Parallel.coreCount) { path -> FileStatus? in
            guard let (digest, status) = try? Self.digest(folder + "/" + path), digest == digests[path] else {
                return nil
            }
            return status
        }
        for (path, status) in zip(paths, found) {
            guard let status else {
                throw .outputNotOurs(path: folder, reason: "'\(path)' in it isn't as its record says")
            }
            files.append((path, status))
        }
    }

    /// The digests of what the records in a folder list: its own, or those of contexts in its directories.
    private static func digests(in folder: String, _ names: [String]) -> [String: Digest]? {
        if let bytes = try? read(folder + "/" + ContextRecord.fileName) { return ContextRecord.digests(in: bytes) }
        var all: [String: Digest] = [:]
        for name in names {
            guard let bytes = try? read(folder + "/" + name + "/" + ContextRecord.fileName),
                let digests = ContextRecord.digests(in: bytes)
            else { return nil }
            for (path, digest) in digests { all[name + "/" + path] = digest }
        }
        return all
    }

    /// Adds what stands in a directory of the folder; a path of the record leads into each directory.
    private mutating func find(
        _ names: [String],
        in directory: String,
        of folder: String,
        _ digests: [String: Digest],
        _ paths: inout [String]
    ) throws(AssemblerError) {
        for path in names.map({ directory + $0 }) {
            if digests[path] != nil {
                paths.append(path)
            } else if digests.keys.contains(where: { $0.utf8.starts(with: (path + "/").utf8) }),
                (try? FileStatus.ofLink(folder + "/" + path))?.kind == .directory
            {
                directories.append(path)
                let inner = try system { () throws(SystemError) in try Directory.names(in: folder + "/" + path) }
                try find(inner, in: path + "/", of: folder, digests, &paths)
            } else {
                throw .outputNotOurs(path: folder, reason: "'\(path)' in it is no file of the context")
            }
        }
    }

    /// Removes the files that were found, and then the folder, which has another name now; what came or changed since
    /// stays, with the folder.
    ///
    /// Returns whether all is gone.
    func remove(from folder: String) -> Bool {
        for (path, status) in files where (try? FileStatus.ofLink(folder + "/" + path)) == status {
            try? Directory.remove(folder + "/" + path)
        }
        for directory in directories.reversed() { rmdir(folder + "/" + directory) }
        return rmdir(folder) == 0
    }

    private static func open(_ path: String) throws(SystemError) -> File {
        let file = try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard try file.status().kind == .file else { throw SystemError(call: "read", path: path, code: EINVAL) }
        return file
    }

    private static func read(_ path: String) throws(SystemError) -> [UInt8] {
        try open(path).readBytes(limit: ContextRecord.maximumSize + 1)
    }

    private static func digest(_ path: String) throws(SystemError) -> (Digest, FileStatus) {
        let file = try open(path)
        let before = try file.status()
        let digest = try file.digest()
        guard try file.status() == before else { throw SystemError(call: "read", path: path, code: EIO) }
        return (digest, before)
    }
}
