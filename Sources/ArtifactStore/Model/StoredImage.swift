package import ContentAddress
package import OCI

/// An image in the store: the index or manifest that stands for it.
package struct StoredImage: Hashable, Sendable {
    /// The document's digest.
    package let digest: Digest
    /// The document's media type.
    package let mediaType: String
    /// When it came into the store.
    package let addedAt: Timestamp
    /// What it is called; several names or none.
    package let references: [String]
    /// The sizes of all blobs that it reaches, in bytes.
    package let size: Int64
}

/// What is recorded of an image when it comes into the store.
package struct ImageRecord: Hashable, Sendable {
    /// The digest of the index or manifest.
    package var digest: Digest
    package var mediaType: String
    /// Every blob that it reaches, itself included.
    package var blobs: Set<Digest>
    /// The released files in it.
    package var artifacts: Set<Digest>
    /// What it is called from now on.
    package var references: [ImageReference]
    /// The images that it is built on.
    package var bases: [BaseMark] = []
    /// What refers to its manifests, and to one another.
    package var referrers: [ReferrerRecord] = []

    /// Every blob that it and its referrers reach.
    var reached: Set<Digest> { referrers.reduce(into: blobs) { $0.formUnion($1.blobs) } }

    /// A record from its parts.
    package init(
        digest: Digest,
        mediaType: String,
        blobs: Set<Digest>,
        artifacts: Set<Digest> = [],
        references: [ImageReference] = []
    ) {
        self.digest = digest
        self.mediaType = mediaType
        self.blobs = blobs
        self.artifacts = artifacts
        self.references = references
    }
}
