public import ArtifactStore
internal import ContentAddress
public import OCI

/// Brings an image into the store: every blob hashed, every document read, all of it noted in one transaction.
public final class StoreDestination: ImageDestination {
    /// The reference it was opened by.
    public let name: String
    private let store: Store
    private let batch: BlobBatch
    private let references: [ImageReference]

    /// Opens a store for an image that is called so from then on.
    public init(store: Store, references: [ImageReference]) throws(TransportError) {
        self.store = store
        self.references = references
        name = references.first?.description ?? "the store"
        batch = try StoreSource.translating("the store") { () throws(StoreError) in try store.beginBatch() }
    }

    /// Whether the store has the blob.
    public func has(_ descriptor: Descriptor) throws(TransportError) -> Bool {
        try StoreSource.translating("the store") { () throws(StoreError) in
            try store.blobSize(descriptor.digest) == descriptor.size
        }
    }

    /// Stages a blob.
    public func add(_ blob: BlobStream, _ descriptor: Descriptor) throws(TransportError) {
        try StoreSource.add(blob, to: batch)
    }

    /// Checks that configs and layers belong together, and notes the image.
    public func finish(_ image: ImageOutline) throws(TransportError) {
        let record = ImageRecord(
            digest: image.root.digest,
            mediaType: image.root.mediaType,
            blobs: Set(image.blobs.map(\.digest)),
            references: references
        )
        _ = try StoreSource.translating("the image") { () throws(StoreError) in try store.commit(batch, image: record) }
    }
}
