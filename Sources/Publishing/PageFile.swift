package import ArtifactStore
package import ContentAddress
import ImageTransport

/// A file of a release page.
package struct PageFile: Sendable {
    /// Where its bytes are.
    enum Content: Sendable {
        case blob
        case bytes([UInt8])
    }

    package let name: String
    package let digest: Digest
    package let size: Int64
    let content: Content

    /// A file of a few bytes.
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        digest = .of(bytes)
        size = Int64(bytes.count)
        content = .bytes(bytes)
    }

    /// An archive that the store keeps.
    package init(_ archive: PackedArchive) {
        name = archive.fileName
        digest = archive.digest
        size = archive.size
        content = .blob
    }

    /// A file that is released as it is: an archive, or a list of checksums.
    package init(_ artifact: Artifact) {
        name = artifact.fileName
        digest = artifact.digest
        size = artifact.size
        content = .blob
    }

    /// What is recorded of it.
    var recorded: PublishedPlace.File { .init(name: name, digest: digest, size: size) }

    func open(in store: Store) throws(TransportError) -> any BlobReader {
        switch content {
        case .bytes(let bytes): MemoryReader(bytes)
        case .blob: try StoreBlobs(store: store).stream(digest, size: size, what: name)
        }
    }
}
