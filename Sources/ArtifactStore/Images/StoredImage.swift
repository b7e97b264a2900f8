public import ContentAddress
public import OCI

/// An image in the store: the index or manifest that stands for it.
public struct StoredImage: Hashable, Sendable {
    /// The document's digest.
    public let digest: Digest
    /// The document's media type.
    public let mediaType: String
    /// When it came into the store.
    public let addedAt: Timestamp
    /// What it is called; several names or none.
    public let references: [String]
    /// The sizes of all blobs that it reaches, in bytes.
    public let size: Int64
}

/// What is noted of an image when it comes into the store.
public struct ImageRecord: Hashable, Sendable {
    /// The digest of the index or manifest.
    public var digest: Digest
    /// Its media type.
    public var mediaType: String
    /// Every blob that it reaches, itself included.
    public var blobs: Set<Digest>
    /// The released files in it.
    public var artifacts: Set<Digest>
    /// What it is called from now on.
    public var references: [ImageReference]
    /// The images that it is built on.
    public var bases: [BaseMark] = []

    /// A record from its parts.
    public init(
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
