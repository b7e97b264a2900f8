/// What an archive says of one file, before its content.
///
/// Names are raw bytes, since tar has no encoding and images hold names that are no UTF-8.
public struct TarEntry: Hashable, Sendable {
    /// What kind of thing an entry makes.
    public enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// Another name of a file that came earlier, at ``TarEntry/linkName``.
        case hardLink
        /// A symbolic link to ``TarEntry/linkName``.
        case symbolicLink
        /// A character device.
        case characterDevice
        /// A block device.
        case blockDevice
        /// A folder.
        case directory
        /// A named pipe.
        case pipe
        /// Anything else, by its type flag: GNU's volume labels and multi-volume pieces, for example.
        case other(UInt8)
    }

    /// The path as it is written, with PAX records, GNU long names and the ustar prefix applied.
    public var path: [UInt8]
    /// What it is.
    public var kind: Kind
    /// Permission bits with set-id and sticky bits.
    public var mode: UInt32
    /// The owner's number.
    public var uid: Int64
    /// The group's number.
    public var gid: Int64
    /// The owner's name, empty when the archive has none.
    public var userName: [UInt8]
    /// The group's name, empty when the archive has none.
    public var groupName: [UInt8]
    /// The content's size in bytes, holes of a sparse file included; 0 for what has no content.
    public var size: Int64
    /// Time of the last change in whole seconds since 1970, rounded down.
    public var modified: Int64
    /// The rest of the time, 0 to 999,999,999 nanoseconds.
    public var modifiedNanoseconds: Int32
    /// What a link leads to.
    public var linkName: [UInt8]
    /// A device's numbers.
    public var device: Device
    /// Extended attributes (`SCHILY.xattr.` records) by name, raw as they are written.
    public var extendedAttributes: [[UInt8]: [UInt8]]
    /// The extents that hold data, when the archive leaves out a sparse file's holes.
    public var extents: [SparseExtent]?
    /// Where the entry's first header starts in the archive.
    public var offset: Int64
    /// Where the stored content starts in the archive.
    public var contentOffset: Int64
    /// How many bytes of content the archive stores: less than ``size`` for a sparse file.
    public var storedSize: Int64
    /// What other readers of tar archives may take in another way.
    public var oddities: TarOddities = []

    /// A device's numbers.
    public struct Device: Hashable, Sendable {
        /// The driver.
        public var major: Int64
        /// The device of that driver.
        public var minor: Int64

        /// A device's numbers.
        public init(major: Int64 = 0, minor: Int64 = 0) {
            self.major = major
            self.minor = minor
        }
    }
}

/// A stretch of a sparse file that holds data.
public struct SparseExtent: Hashable, Sendable {
    /// Where it starts in the file.
    public var offset: Int64
    /// How many bytes it has.
    public var count: Int64

    /// A stretch of a file.
    public init(offset: Int64, count: Int64) {
        self.offset = offset
        self.count = count
    }
}
