package import Glibc

/// The parts of `stat` that Bindery looks at.
package struct FileStatus: Equatable, Sendable {
    /// What kind of thing a path is.
    package enum Kind: String, Sendable {
        /// A regular file.
        case file = "regular file"
        /// A directory.
        case directory
        /// A symbolic link.
        case symbolicLink = "symbolic link"
        /// A named pipe.
        case pipe = "named pipe"
        /// A socket.
        case socket
        /// A character device.
        case characterDevice = "character device"
        /// A block device.
        case blockDevice = "block device"
        /// Anything else.
        case other = "special file"
    }

    /// What kind of thing it is.
    package let kind: Kind
    /// Size in bytes.
    package let size: Int64
    /// Bytes of storage it takes: less than the size when the file has holes.
    package let allocatedSize: Int64
    /// Permission bits with set-id and sticky bits, `0o7777` at most.
    package let mode: mode_t
    /// The user it belongs to.
    package let owner: uid_t
    /// The owning group.
    package let group: gid_t
    /// Device and inode: the file's identity while it exists.
    package let identity: Identity
    /// Time of the last change of content, in nanoseconds since 1970.
    package let modified: Int64
    /// Time of the last change of metadata, in nanoseconds since 1970.
    package let changed: Int64

    /// Device and inode.
    package struct Identity: Hashable, Sendable {
        let device: dev_t
        let inode: ino_t
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            default: .other
            }
        size = Int64(status.st_size)
        allocatedSize = Int64(status.st_blocks) &* 512
        mode = status.st_mode & 0o7777
        owner = status.st_uid
        group = status.st_gid
        identity = Identity(device: status.st_dev, inode: status.st_ino)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// The status of what a path leads to, following symbolic links.
    package static func of(_ path: String) throws(SystemError) -> FileStatus {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemError(call: "stat", path: path) }
        return FileStatus(status)
    }

    /// The status of a path itself, a symbolic link included.
    package static func ofLink(_ path: String) throws(SystemError) -> FileStatus {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw SystemError(call: "stat", path: path) }
        return FileStatus(status)
    }
}
