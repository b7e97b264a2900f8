extension FileStatus.Identity {
    /// The device's number.
    package var deviceNumber: Int64 { Int64(truncatingIfNeeded: device) }

    /// The inode's number.
    package var inodeNumber: Int64 { Int64(truncatingIfNeeded: inode) }
}
