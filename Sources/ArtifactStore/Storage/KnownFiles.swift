import ContentAddress
import SystemIO

/// Files whose bytes were compared with their digest not long ago, and which count as known while no system call
/// changes them (docs/durability.md).
struct KnownFiles: Sendable {
    private struct Entry: Sendable {
        let device: Int64
        let inode: Int64
        let size: Int64
        let changed: Int64
    }

    private var entries: [Digest: Entry] = [:]

    /// Adds a file that was compared while its status was this.
    mutating func add(_ digest: Digest, _ status: FileStatus) {
        add(
            digest,
            device: status.identity.deviceNumber,
            inode: status.identity.inodeNumber,
            size: status.size,
            changed: status.changed
        )
    }

    mutating func add(_ digest: Digest, device: Int64, inode: Int64, size: Int64, changed: Int64) {
        entries[digest] = Entry(device: device, inode: inode, size: size, changed: changed)
    }

    /// Whether this is the file that was compared, unchanged since.
    func holds(_ digest: Digest, _ status: FileStatus) -> Bool {
        guard let entry = entries[digest] else { return false }
        return entry.device == status.identity.deviceNumber && entry.inode == status.identity.inodeNumber
            && entry.size == status.size && entry.changed == status.changed
    }
}
