package import ArtifactStore
package import ContentAddress
package import OCI

/// Brings an image into the store: every blob hashed, every document read, all of it recorded in one transaction.
package final class StoreDestination: ImageDestination {
    /// The reference it was opened by.
    package let name: String
    private let store: Store
    private let batch: BlobBatch
    private let references: [ImageReference]
    private var referrers: [ReferrerRecord] = []

    /// Opens a store for an image that is called so from then on.
    package init(store: Store, references: [ImageReference]) throws(TransportError) {
        self.store = store
        self.references = references
        name = references.first?.description ?? "the store"
        batch = try StoreSource.translating("the store") { () throws(StoreError) in try store.beginBatch() }
    }

    /// Whether the store has the blob, whole.
    package func has(_ descriptor: Descriptor) throws(TransportError) -> Bool {
        try StoreSource.translating("the store") { () throws(StoreError) in
            guard try store.blobSize(descriptor.digest) == descriptor.size else { return false }
            return try store.isWhole(descriptor.digest, size: descriptor.size)
        }
    }

    /// Stages a blob.
    package func add(_ blob: BlobStream, _ descriptor: Descriptor) throws(TransportError) {
        try StoreSource.add(blob, to: batch)
    }

    /// A small blob, of the batch or of the store.
    private func bytes(of descriptor: Descriptor) throws(TransportError) -> [UInt8] {
        guard descriptor.size <= ImageDocument.largestSize else {
            throw .tooLarge(
                what: "blob \(descriptor.digest.short)",
                size: descriptor.size,
                limit: ImageDocument.largestSize
            )
        }
        return try StoreSource.translating("blob \(descriptor.digest.short)") { () throws(StoreError) in
            guard batch.contents[descriptor.digest] != nil else { return try store.readBlob(descriptor.digest) }
            return try batch.bytes(of: descriptor.digest)
        }
    }

    package var takesReferrers: Bool { true }

    /// Notes a referrer, which is recorded with the image.
    package func attach(_ referrer: ImageOutline, to subject: Digest, by tag: CosignTag?) throws(TransportError) {
        referrers.append(try ReferrerRecord(referrer, to: subject, by: tag))
    }

    /// Checks that configs and layers belong together, and records the image.
    ///
    /// Throws for a name with another image's digest.
    package func finish(_ image: ImageOutline) throws(TransportError) {
        for reference in references {
            guard let digest = reference.digest, digest != image.root.digest else { continue }
            throw .digest(what: "the image for \(reference)", expected: digest, found: image.root.digest)
        }
        try image.checkConfigs(bytes)
        var record = ImageRecord(
            digest: image.root.digest,
            mediaType: image.root.mediaType,
            blobs: Set(image.blobs.map(\.digest)),
            references: references
        )
        record.referrers = referrers
        _ = try StoreSource.translating("the image") { () throws(StoreError) in try store.commit(batch, image: record) }
    }
}

extension ReferrerRecord {
    /// What is recorded of a manifest that refers to a subject; a tag that attaches it is recorded by its artifact type.
    init(_ referrer: ImageOutline, to subject: Digest, by tag: CosignTag?) throws(TransportError) {
        let entry = try referrer.root.referrerDescriptor()
        self.init(
            digest: entry.digest,
            subject: subject,
            mediaType: entry.mediaType,
            artifactType: tag?.kind.artifactType ?? entry.artifactType,
            blobs: Set(referrer.blobs.map(\.digest))
        )
    }
}
