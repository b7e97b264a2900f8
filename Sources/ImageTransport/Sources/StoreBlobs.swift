package import Archive
package import ArtifactStore
package import ContentAddress
package import OCI
import SystemIO

/// The blobs of a store, as sources hand them out.
package struct StoreBlobs: Sendable {
    let store: Store

    /// The blobs of a store.
    package init(store: Store) {
        self.store = store
    }

    /// Below this a stream costs no more than a look into the index, in bytes.
    private static let smallestFile: Int64 = 1 << 20

    /// Opens a blob; its bytes are unchecked.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        let file = SharedFile(try opened(descriptor.digest))
        return file.reader(count: try file.size)
    }

    /// Opens a blob of so many bytes, which are checked while they are read; `what` names it in errors.
    package func stream(_ digest: Digest, size: Int64, what: String) throws(TransportError) -> BlobStream {
        let descriptor = Descriptor(mediaType: "application/octet-stream", digest: digest, size: size)
        return BlobStream(try open(descriptor), what: what, size: size, digest: digest)
    }

    /// A blob's file, when no system call has changed it since its bytes were hashed; larger ones are hashed for that.
    func verifiedFile(
        _ descriptor: Descriptor,
        _ stream: () throws(TransportError) -> BlobStream
    ) throws(TransportError) -> File? {
        guard descriptor.size >= Self.smallestFile else { return nil }
        let place = "blob \(descriptor.digest)"
        let file = try opened(descriptor.digest)
        let status = try Self.status(of: file)
        guard status.size == descriptor.size else { return nil }
        let isKnown = try StoreSource.translating(place) { () throws(StoreError) in
            try store.isUnchanged(descriptor.digest, status)
        }
        if !isKnown {
            try stream().forEachPiece { _ in }
            guard try Self.status(of: file) == status else { return nil }
            // Only a shortcut for the next time: a store that can't record it loses nothing.
            try? store.noteUnchanged([(descriptor.digest, status)])
        }
        return file
    }

    private func opened(_ digest: Digest) throws(TransportError) -> File {
        do { return try store.openBlob(digest) } catch { throw StoreSource.explain("blob \(digest)", error) }
    }

    private static func status(of file: borrowing File) throws(TransportError) -> FileStatus {
        do { return try file.status() } catch { throw .system(error) }
    }
}

extension LayerStream {
    /// Opens a layer that is a blob of a store, whatever images it is in.
    package convenience init(in store: Store, _ layer: Descriptor, diffID: Digest?, budget: WorkBudget? = nil) {
        self.init(layer, diffID: diffID, budget: budget) { () throws(TransportError) in
            BlobStream(
                try StoreBlobs(store: store).open(layer),
                what: "blob \(layer.digest.short)",
                size: layer.size,
                digest: layer.digest
            )
        }
    }
}
