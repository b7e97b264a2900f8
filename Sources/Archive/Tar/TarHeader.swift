/// What a tar archive that we write says of one file (the profile is in docs/derivation.md).
package struct TarHeader: Hashable, Sendable {
    /// What kind of file an entry makes.
    package enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// A directory; its path is written with a slash at the end.
        case directory
        case symbolicLink
        /// A further name of a file that came before.
        case hardLink
        case characterDevice(major: UInt32, minor: UInt32)
        case blockDevice(major: UInt32, minor: UInt32)
        /// A named pipe.
        case pipe
    }

    /// The path, without a slash at the start or the end.
    package var path: String
    /// What kind of file it makes.
    package var kind: Kind
    /// Permission bits with set-id and sticky bits.
    package var mode: UInt16
    /// The owner's number.
    package var uid: UInt32
    /// The group's number.
    package var gid: UInt32
    /// The content's size in bytes; 0 for all but regular files.
    package var size: Int64
    /// Seconds since 1970.
    package var modified: Int64
    /// What a link leads to.
    package var linkName: String
    /// Extended attributes by name, written as `SCHILY.xattr.` records.
    package var extendedAttributes: [String: [UInt8]]

    /// A header from its parts.
    package init(
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
