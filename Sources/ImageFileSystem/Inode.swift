package import Archive
package import ContentAddress

/// A thing in a file system, which any number of names may lead to.
///
/// Not thread-safe: one audit of one platform owns its inodes.
package final class Inode {
    /// What it is.
    package enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        case directory
        /// A symbolic link to ``Inode/target``.
        case symbolicLink
        case characterDevice
        case blockDevice
        /// A named pipe.
        case pipe
    }

    /// What it is.
    package let kind: Kind
    /// Permission bits with set-id and sticky bits.
    package var mode: UInt32
    /// Whether a hard link with fewer permissions took an executable bit away, which some engines leave as it was.
    package var wasExecutable = false
    /// The owner's number.
    package var uid: Int64
    /// The group's number.
    package var gid: Int64
    /// The content's size in bytes.
    package let size: Int64
    /// The content's digest; nil for anything but a regular file.
    package let digest: Digest?
    /// What a symbolic link leads to.
    package let target: [UInt8]
    /// A device's numbers.
    package let device: TarEntry.Device
    /// Extended attributes by name.
    package var extendedAttributes: [[UInt8]: [UInt8]]
    /// The layer that brought the content, 0 for the lowest.
    package let layer: Int
    /// The last change, in seconds since 1970.
    package let modified: Int64
    /// Where a regular file's content lies in its layer's archive; -1 when it isn't in one piece, or that isn't known.
    package let contentOffset: Int64
    /// The first bytes of a regular file: enough for `#!` lines and ELF headers, and all of a small configuration file.
    package let head: [UInt8]

    package init(
        kind: Kind,
        entry: TarEntry?,
        layer: Int,
        digest: Digest? = nil,
        head: [UInt8] = []
    ) {
        self.kind = kind
        self.layer = layer
        self.digest = digest
        self.head = head
        mode = entry?.mode ?? 0o755
        uid = entry?.uid ?? 0
        gid = entry?.gid ?? 0
        size = kind == .file ? entry?.size ?? 0 : 0
        target = kind == .symbolicLink ? entry?.linkName ?? [] : []
        device = entry?.device ?? TarEntry.Device()
        extendedAttributes = entry?.extendedAttributes ?? [:]
        modified = entry?.modified ?? 0
        contentOffset = entry.map { $0.extents == nil ? $0.contentOffset : -1 } ?? -1
    }

    /// A thing as an earlier audit recorded it.
    package init(
        kind: Kind,
        digest: Digest? = nil,
        size: Int64 = 0,
        mode: UInt32,
        layer: Int,
        target: [UInt8] = [],
        head: [UInt8] = [],
        extendedAttributes: [[UInt8]: [UInt8]] = [:]
    ) {
        self.kind = kind
        self.digest = digest
        self.size = size
        self.mode = mode
        self.layer = layer
        self.target = target
        self.head = head
        self.extendedAttributes = extendedAttributes
        uid = 0
        gid = 0
        device = TarEntry.Device()
        modified = 0
        contentOffset = -1
    }

    /// A file of which only the content counts.
    package convenience init(file digest: Digest, layer: Int) {
        self.init(kind: .file, digest: digest, mode: 0, layer: layer)
    }

    /// Whether a process sees no difference between the two.
    package func isSame(as other: Inode) -> Bool {
        kind == other.kind && digest == other.digest && target == other.target && device == other.device
            && (kind != .file || digest != nil || contentOffset == other.contentOffset) && hasMetadata(of: other)
    }

    /// Whether mode, owner and attributes are the same.
    package func hasMetadata(of other: Inode) -> Bool {
        mode == other.mode && uid == other.uid && gid == other.gid
            && extendedAttributes == other.extendedAttributes
    }

    /// About what it takes in memory, in bytes.
    var cost: Int {
        var size = 176 + target.count + head.count
        for (key, value) in extendedAttributes { size += 128 + key.count + value.count }
        return size
    }

    /// Whether it starts like an ELF file.
    package var isELF: Bool { head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) }

    /// Whether anybody may execute it.
    package var isExecutable: Bool { kind == .file && mode & 0o111 != 0 }
}
