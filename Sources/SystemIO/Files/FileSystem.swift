import CShims
import Glibc

/// What is known of the file system that a path is in.
package enum FileSystem {
    /// Whether it is mounted for reading only, for everybody; false when it can't be asked.
    package static func isReadOnly(_ path: String) -> Bool {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return false }
        return status.f_flag & UInt(ST_RDONLY) != 0
    }

    /// Whether other machines may use it at the same time, as far as its type tells (statfs(2), linux/magic.h); false
    /// when it can't be asked, and for FUSE, which can be anything.
    package static func isOfNetwork(_ directory: String) -> Bool {
        // NFS, SMB, SMB2, CIFS, 9p, Ceph, AFS (two), Coda, Lustre, GPFS, OCFS2, GFS2.
        let types: Set<UInt32> = [
            0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42, 0x0102_1997, 0x00C3_6400, 0x5346_414F, 0x6B41_4653, 0x7375_7245,
            0x0BD0_0BD0, 0x4750_4653, 0x7461_636F, 0x0116_1970,
        ]
        return type(of: directory).map(types.contains) ?? false
    }

    /// Whether a lock there ends with the process that has it, and is seen by every other one: only where the type of
    /// the file system says so.
    package static func keepsLocks(in directory: String) -> Bool {
        // ext2 to ext4, XFS, btrfs, ZFS, tmpfs, overlay.
        let types: Set<UInt32> = [0xEF53, 0x5846_5342, 0x9123_683E, 0x2FC1_2FC1, 0x0102_1994, 0x794C_7630]
        return type(of: directory).map(types.contains) ?? false
    }

    /// Whether a program serves it (FUSE), whose syncs are as good as that program.
    package static func isFUSE(_ directory: String) -> Bool { type(of: directory) == 0x6573_5546 }

    private static func type(of directory: String) -> UInt32? {
        guard let file = try? File.open(directory, O_RDONLY | O_DIRECTORY) else { return nil }
        let type = shim_file_system_type(file.descriptor)
        return type < 0 ? nil : UInt32(truncatingIfNeeded: type)
    }

    /// Whether processes can share memory by a file in that directory: network file systems and many FUSE mounts map
    /// none that way.
    package static func sharesMemory(in directory: String) -> Bool {
        guard let staged = try? StagedFile.create(in: directory), (try? staged.file.setSize(4096)) != nil else {
            return false
        }
        let start = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, staged.file.descriptor, 0)
        guard let start, start != MAP_FAILED else { return false }
        munmap(start, 4096)
        return true
    }

    /// Throws when files in that directory can only be written from their beginning to their end: databases can't be
    /// kept there.
    package static func checkRewriting(in directory: String) throws(SystemError) {
        let staged = try StagedFile.create(in: directory)
        do throws(SystemError) {
            for (text, offset) in [("second", 4096), ("first", 0)] {
                let failure = Array(text.utf8).withUnsafeBytes { bytes -> SystemError? in
                    do throws(SystemError) { try staged.file.write(bytes, at: Int64(offset)) } catch { return error }
                    return nil
                }
                if let failure { throw failure }
            }
            try staged.file.setSize(0)
        } catch  where error.code != ENOSPC && error.code != EDQUOT {
            throw SystemError(
                call: "write inside a file in",
                path: directory,
                code: error.code,
                detail: "a store needs that; rclone can do it with --vfs-cache-mode writes"
            )
        }
    }
}
