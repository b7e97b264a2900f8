import ContentAddress
import OCI
import SystemIO

/// What was read of a layer: its entries with the digests of their contents, and what else an audit takes from it.
///
/// A function of the layer's bytes alone, whatever the image and whatever is released.
struct LayerReading: Sendable {
    /// The bytes: as they are stored, and uncompressed.
    struct Key: Hashable, Sendable {
        let blob: Digest
        let diffID: Digest
    }

    /// A file that was seen to hold the blob, and when.
    struct HashedFile: Sendable, Hashable {
        let device: Int64
        let inode: Int64
        let changed: Int64
        let time: Timestamp
    }

    /// How many bytes the blob has.
    let size: Int64
    let outcome: LayerWalk.Outcome
    /// The blob's last bytes, which may lead to a table of contents.
    let tail: [UInt8]
    /// What programs say of themselves, whether or not they are released; compared with nothing.
    let programs: [Digest: ProgramReading]
    /// The entries, packed: see ``items``.
    let packedItems: [UInt8]
    /// Those that may be programs, packed: see ``candidates``.
    let packedCandidates: [UInt8]
    var files: [HashedFile] = []

    /// Its entries, in their order.
    var items: LayerItems { LayerItems(packedItems) }

    /// Those of its entries that ``ProgramCapture/mayTake(_:)``.
    var candidates: LayerItems { LayerItems(packedCandidates) }

    /// About what it takes in memory, in bytes.
    var cost: Int { packedItems.count + packedCandidates.count + programs.count * 4096 + 1024 }

    /// Notes a file that holds the blob.
    mutating func add(_ status: FileStatus, at time: Timestamp) {
        files.removeAll { $0.device == status.identity.deviceNumber && $0.inode == status.identity.inodeNumber }
        files.insert(HashedFile(status, at: time), at: 0)
        files.removeLast(max(0, files.count - Self.largestFileCount))
    }

    /// When a file was seen to hold the blob, if it hasn't changed since.
    func hashed(_ status: FileStatus) -> Timestamp? {
        guard status.size == size else { return nil }
        return files.first { $0 == HashedFile(status, at: $0.time) }?.time
    }

    private static let largestFileCount = 8
}

extension LayerReading.HashedFile {
    fileprivate init(_ status: FileStatus, at time: Timestamp) {
        device = status.identity.deviceNumber
        inode = status.identity.inodeNumber
        changed = status.changed
        self.time = time
    }
}
