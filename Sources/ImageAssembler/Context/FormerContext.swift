import ArtifactStore
import ContentAddress
import Glibc
import Release
import SystemIO

/// An earlier context in a directory: the files in it that its own record proves to be ours, by path and digest.
///
/// Anybody may write such a record. So what counts is what stands in the directory, looked for without following a
/// link: a file is the context's only when the record has its path, and its bytes have the digest that the record
/// gives.
struct FormerContext {
    private var files: [(path: String, status: FileStatus)] = []
    /// Each before those in it.
    private var directories: [String] = []

    /// Reads a directory; nil when it is empty.
    ///
    /// Throws ``AssemblerError/outputNotOurs(path:reason:)`` when something in it isn't proved to be the context's.
    init?(in directory: String) throws(AssemblerError) {
        let names = try system { () throws(SystemError) in try Directory.names(in: directory) }
        guard let first = names.first else { return nil }
        guard let digests = Self.digests(in: directory, names) else {
            let reason = "it holds '\(first)' and no \(ContextRecord.fileName) of ours"
            throw .outputNotOurs(path: directory, reason: reason)
        }
        var paths: [String] = []
        try find(names, in: "", of: directory, digests, &paths)
        let found = Parallel.map(paths, width: Parallel.coreCount) { path -> FileStatus? in
            guard let (digest, status) = try? Self.digest(directory + "/" + path), digest == digests[path] else {
                return nil
            }
            return status
        }
        for (path, status) in zip(paths, found) {
            guard let status else {
                throw .outputNotOurs(path: directory, reason: "'\(path)' in it isn't as its record says")
            }
            files.append((path, status))
        }
    }

    /// The digests of what the records in a directory list: its own, or those of contexts in its directories.
    private static func digests(in directory: String, _ names: [String]) -> [String: Digest]? {
        if let bytes = try? read(directory + "/" + ContextRecord.fileName) { return ContextRecord.digests(in: bytes) }
        var all: [String: Digest] = [:]
        for name in names {
            guard let bytes = try? read(directory + "/" + name + "/" + ContextRecord.fileName),
                let digests = ContextRecord.digests(in: bytes)
            else { return nil }
            for (path, digest) in digests { all[name + "/" + path] = digest }
        }
        return all
    }

    /// Adds what stands in a subdirectory; a path of the record leads into each.
    private mutating func find(
        _ names: [String],
        in subdirectory: String,
        of directory: String,
        _ digests: [String: Digest],
        _ paths: inout [String]
    ) throws(AssemblerError) {
        for path in names.map({ subdirectory + $0 }) {
            if digests[path] != nil {
                paths.append(path)
            } else if digests.keys.contains(where: { $0.utf8.starts(with: (path + "/").utf8) }),
                (try? FileStatus.ofLink(directory + "/" + path))?.kind == .directory
            {
                directories.append(path)
                let inner = try system { () throws(SystemError) in try Directory.names(in: directory + "/" + path) }
                try find(inner, in: path + "/", of: directory, digests, &paths)
            } else {
                throw .outputNotOurs(path: directory, reason: "'\(path)' in it is not a file of the context")
            }
        }
    }

    /// Removes the files that were found, and then the directory, which has another name now; what came or changed
    /// since stays, with the directory.
    ///
    /// Returns whether all is gone.
    func remove(from directory: String) -> Bool {
        for (path, status) in files where (try? FileStatus.ofLink(directory + "/" + path)) == status {
            try? Directory.remove(directory + "/" + path)
        }
        for subdirectory in directories.reversed() { rmdir(directory + "/" + subdirectory) }
        return rmdir(directory) == 0
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
