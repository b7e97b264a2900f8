package import ContentAddress
package import Release

/// What another store's bundle holds, as its documents tell.
package struct ImportRequest: Sendable {
    /// Where it comes from, for the events.
    package var source: String
    /// The files of its releases.
    package var artifacts: [ImportedArtifact]
    package var images: [ImageRecord]
    /// What others attached to them.
    package var referrers: [ReferrerRecord] = []
    /// All blobs of these, with their sizes in bytes.
    package var blobs: [Digest: Int64]
    /// What the bundle proves of them.
    package var proofs = ImportedProofs()

    /// A request from its parts.
    package init(source: String, artifacts: [ImportedArtifact], images: [ImageRecord], blobs: [Digest: Int64]) {
        self.source = source
        self.artifacts = artifacts
        self.images = images
        self.blobs = blobs
    }
}

/// A released file, as a bundle tells of it.
package struct ImportedArtifact: Hashable, Sendable {
    package var key: ArtifactKey
    /// The digest of its bytes.
    package var digest: Digest
    /// Its size in bytes.
    package var size: Int64
    /// What it is called in a context.
    package var fileName: String
    /// Its permission bits.
    package var mode: UInt16
    /// What was said of it when it was put.
    package var annotations: [String: String]

    /// A file from its parts.
    package init(
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
package struct ImportResult: Sendable {
    /// An image, and whether it or one of its names is new here.
    package struct Image: Sendable {
        /// The image as it was asked for.
        package let record: ImageRecord
        /// False when the image was there with all its names: nothing changed then.
        package let isNew: Bool
    }

    /// The released files, in the request's order.
    package let artifacts: [PutResult]
    /// The images, in the request's order.
    package let images: [Image]
    /// How many blobs were brought in.
    package let blobsCopied: Int
    /// How many blobs were there before.
    package let blobsPresent: Int
}
