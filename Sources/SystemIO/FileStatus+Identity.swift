extension FileStatus.Identity {
    /// The device's number.
    public var deviceNumber: Int64 { Int64(truncatingIfNeeded: device) }

    /// The inode's number.
    public var inodeNumber: Int64 { Int64(truncatingIfNeeded: inode) }
}
