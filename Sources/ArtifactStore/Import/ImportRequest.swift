public import ContentAddress

/// What another store's bundle holds, as its documents tell.
public struct ImportRequest: Sendable {
    /// Where it comes from, for the events.
    public var source: String
    /// The files of its releases.
    public var artifacts: [ImportedArtifact]
    /// Its images.
    public var images: [ImageRecord]
    /// All blobs of both, with their sizes in bytes.
    public var blobs: [Digest: Int64]

    /// A request from its parts.
    public init(source: String, artifacts: [ImportedArtifact], images: [ImageRecord], blobs: [Digest: Int64]) {
        self.source = source
        self.artifacts = artifacts
        self.images = images
        self.blobs = blobs
    }
}

/// A released file, as a bundle tells of it.
public struct ImportedArtifact: Hashable, Sendable {
    /// Its key.
    public var key: ArtifactKey
    /// The digest of its bytes.
    public var digest: Digest
    /// Its size in bytes.
    public var size: Int64
    /// What it is called in a context.
    public var fileName: String
    /// Its permission bits.
    public var mode: UInt16
    /// What was said of it when it was put.
    public var annotations: [String: String]

    /// A file from its parts.
    public init(
        key: ArtifactKey,
        digest: Digest,
        size: Int64,
        fileName: String,
        mode: UInt16,
        annotations: [String: String] = [:]
    ) {
        self.key = key
        self.digest = digest
        self.size = size
        self.fileName = fileName
        self.mode = mode
        self.annotations = annotations
    }
}

/// What became of an import.
public struct ImportResult: Sendable {
    /// An image, and whether it or one of its names is new here.
    public struct Image: Sendable {
        /// The image as it was asked for.
        public let record: ImageRecord
        /// False when the image was there with all its names: nothing changed then.
        public let isNew: Bool
    }

    /// The released files, in the request's order.
    public let artifacts: [PutResult]
    /// The images, in the request's order.
    public let images: [Image]
    /// How many blobs were brought in.
    public let blobsCopied: Int
    /// How many blobs were there before.
    public let blobsPresent: Int
}
