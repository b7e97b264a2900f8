/// What a tar archive that we write says of one file (the profile is in docs/derivation.md).
public struct TarHeader: Hashable, Sendable {
    /// What kind of file an entry makes.
    public enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// A folder; its path is written with a slash at the end.
        case directory
        /// A symbolic link.
        case symbolicLink
        /// A further name of a file that came before.
        case hardLink
        /// A character device.
        case characterDevice(major: UInt32, minor: UInt32)
        /// A block device.
        case blockDevice(major: UInt32, minor: UInt32)
        /// A named pipe.
        case pipe
    }

    /// The path, without a slash at the start or the end.
    public var path: String
    /// What kind of file it makes.
    public var kind: Kind
    /// Permission bits with set-id and sticky bits.
    public var mode: UInt16
    /// The owner's number.
    public var uid: UInt32
    /// The group's number.
    public var gid: UInt32
    /// The content's size in bytes; 0 for all but regular files.
    public var size: Int64
    /// Seconds since 1970.
    public var modified: Int64
    /// What a link leads to.
    public var linkName: String
    /// Extended attributes by name, written as `SCHILY.xattr.` records.
    public var extendedAttributes: [String: [UInt8]]

    /// A header from its parts.
    public init(
        path: String,
        kind: Kind,
        mode: UInt16,
        uid: UInt32 = 0,
        gid: UInt32 = 0,
        size: Int64 = 0,
        modified: Int64 = 0,
        linkName: String = "",
        extendedAttributes: [String: [UInt8]] = [:]
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.size = size
        self.modified = modified
        self.linkName = linkName
        self.extendedAttributes = extendedAttributes
    }
}
