/// What an archive says of one file, before its content.
///
/// Names are raw bytes, since tar has no encoding and images hold names that are not UTF-8.
package struct TarEntry: Hashable, Sendable {
    /// What kind of thing an entry makes.
    package enum Kind: Hashable, Sendable {
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
        /// A directory.
        case directory
        /// A named pipe.
        case pipe
        /// Anything else, by its type flag: GNU's volume labels and multi-volume pieces, for example.
        case other(UInt8)
    }

    /// The path as it is written, with PAX records, GNU long names and the ustar prefix applied.
    package var path: [UInt8]
    /// What it is.
    package var kind: Kind
    /// Permission bits with set-id and sticky bits.
    package var mode: UInt32
    /// The owner's number.
    package var uid: Int64
    /// The group's number.
    package var gid: Int64
    /// The owner's name, empty when the archive has none.
    package var userName: [UInt8]
    /// The group's name, empty when the archive has none.
    package var groupName: [UInt8]
    /// The content's size in bytes, holes of a sparse file included; 0 for what has no content.
    package var size: Int64
    /// Time of the last change in whole seconds since 1970, rounded down.
    package var modified: Int64
    /// The rest of the time, 0 to 999,999,999 nanoseconds.
    package var modifiedNanoseconds: Int32
    /// What a link leads to.
    package var linkName: [UInt8]
    /// A device's numbers.
    package var device: Device
    /// Extended attributes (`SCHILY.xattr.` records) by name, raw as they are written.
    package var extendedAttributes: [[UInt8]: [UInt8]]
    /// The extents that hold data, when the archive leaves out a sparse file's holes.
    package var extents: [SparseExtent]?
    /// Where the entry's first header starts in the archive.
    package var offset: Int64
    /// Where the stored content starts in the archive.
    package var contentOffset: Int64
    /// How many bytes of content the archive stores: less than ``size`` for a sparse file.
    package var storedSize: Int64
    /// What other readers of tar archives may take in another way.
    package var oddities: TarOddities = []

    /// A device's numbers.
    package struct Device: Hashable, Sendable {
        /// The driver.
        package var major: Int64
        /// The device of that driver.
        package var minor: Int64

        /// A device's numbers.
        package init(major: Int64 = 0, minor: Int64 = 0) {
            self.major = major
            self.minor = minor
        }
    }
}

extension TarEntry {
    /// An entry of which nothing else is known.
    package init(path: [UInt8], kind: Kind) {
        self.init(
            path: path,
            kind: kind,
            mode: 0,
            uid: 0,
            gid: 0,
            userName: [],
            groupName: [],
            size: 0,
            modified: 0,
            modifiedNanoseconds: 0,
            linkName: [],
            device: Device(),
            extendedAttributes: [:],
            extents: nil,
            offset: 0,
            contentOffset: 0,
            storedSize: 0
        )
    }
}

/// A stretch of a sparse file that holds data.
package struct SparseExtent: Hashable, Sendable {
    /// Where it starts in the file.
    package var offset: Int64
    /// How many bytes it has.
    package var count: Int64

    /// A stretch of a file.
    package init(offset: Int64, count: Int64) {
        self.offset = offset
        self.count = count
    }
}

extension TarEntry {
    /// About what it takes in memory, in bytes.
    package var cost: Int64 {
        var size = 256 + path.count + linkName.count + userName.count + groupName.count
        size += (extents?.count ?? 0) * MemoryLayout<SparseExtent>.stride
        for (key, value) in extendedAttributes { size += 128 + key.count + value.count }
        return Int64(size)
    }
}
