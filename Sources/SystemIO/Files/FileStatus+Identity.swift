extension FileStatus.Identity {
    package var deviceNumber: Int64 { Int64(truncatingIfNeeded: device) }

    package var inodeNumber: Int64 { Int64(truncatingIfNeeded: inode) }
}
