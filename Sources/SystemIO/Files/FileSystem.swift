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

    /// Whether other machines may use it at the same time, as far as its type tells (statfs(2), linux/magic.h); false when it
    /// can't be asked, and for FUSE, which can be anything.
    package static func isOfNetwork(_ directory: String) -> Bool {
        guard let file = try? File.open(directory, O_RDONLY | O_DIRECTORY) else { return false }
        // NFS, SMB, SMB2, CIFS, 9p, Ceph, AFS (two), Coda, Lustre, GPFS, OCFS2, GFS2.
        let types: Set<UInt32> = [
            0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42, 0x0102_1997, 0x00C3_6400, 0x5346_414F, 0x6B41_4653, 0x7375_7245,
            0x0BD0_0BD0, 0x4750_4653, 0x7461_636F, 0x0116_1970,
        ]
        return types.contains(UInt32(truncatingIfNeeded: shim_file_system_type(file.descriptor)))
    }

    /// Whether processes can share memory by a file in that directory: network file systems and many FUSE mounts map none
    /// that way.
    package static func sharesMemory(in directory: String) -> Bool {
        guard let staged = try? StagedFile.create(in: directory), (try? staged.file.setSize(4096)) != nil else {
            return false
        }
        let start = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, staged.file.descriptor, 0)
        guard let start, start != MAP_FAILED else { return false }
        munmap(start, 4096)
        return true
    }
}
