package import Glibc

/// A file in flight: it has no name that anybody looks for until it is linked, and is gone when dropped before.
///
/// It has no name at all where the file system can do that (`O_TMPFILE`), so that not even a crash leaves it behind;
/// elsewhere it has a random one ending in `.partial`.
package struct StagedFile: ~Copyable, Sendable {
    /// The open file, for reading and writing.
    package let file: File
    private let name: String?

    private init(_ file: consuming File, name: String?) {
        self.file = file
        self.name = name
    }

    deinit {
        if let name { unlink(name) }
    }

    /// Starts a file in a folder, in whose file system it will also get its name.
    package static func create(in folder: String, mode: mode_t = 0o600) throws(SystemError) -> StagedFile {
        do {
            return StagedFile(try File.linkable(in: folder, mode: mode), name: nil)
        } catch  where File.lacksUnnamedFiles(error) {
            let name = File.temporaryName(in: folder)
            return StagedFile(try File.open(name, O_RDWR | O_CREAT | O_EXCL, mode: mode), name: name)
        }
    }

    /// Gives the file a further name, or its only one where the file system has no hard links.
    ///
    /// Returns false when that name is taken.
    package func link(to path: String) throws(SystemError) -> Bool {
        guard let name else { return try file.link(to: path) }
        guard Glibc.link(name, path) != 0 else { return true }
        // What Linux's FAT, FUSE's rclone and others say instead of ENOTSUP.
        switch errno {
        case EEXIST: return false
        case EPERM, EOPNOTSUPP, ENOSYS, EIO: return try move(name, to: path)
        default: throw SystemError(call: "create", path: path)
        }
    }

    private func move(_ name: String, to path: String) throws(SystemError) -> Bool {
        do {
            return try Directory.renameIfFree(name, to: path)
        } catch  where [EINVAL, ENOSYS, EOPNOTSUPP].contains(error.code) {
            guard (try? FileStatus.ofLink(path)) == nil else { return false }
            // Who takes the name in between has the same bytes in it: it is their digest.
            try Directory.rename(name, to: path)
            return true
        }
    }
}
