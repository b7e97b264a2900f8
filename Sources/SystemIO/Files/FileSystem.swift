import Glibc

/// What is known of the file system that a path is in.
package enum FileSystem {
    /// Whether it is mounted for reading only, for everybody; false when it can't be asked.
    package static func isReadOnly(_ path: String) -> Bool {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return false }
        return status.f_flag & UInt(ST_RDONLY) != 0
    }
}
