package import ContentAddress
package import OCI

/// An image's documents, and the blobs that they name.
package struct ImageOutline: Sendable {
    /// A manifest with its descriptor and, for an index, its platform.
    package struct Part: Sendable {
        /// The manifest's descriptor.
        package let descriptor: Descriptor
        package let manifest: ImageManifest
    }

    /// The document that stands for the whole.
    package let root: ImageDocument
    /// The manifests in the order of the indexes, those of artifacts too; one for an image of one platform.
    package let parts: [Part]
    /// All blobs, each once: layers and configs, the manifests and nested indexes, and the root last.
    ///
    /// Whoever sends them in this order never names what isn't there.
    package let blobs: [Descriptor]
    /// The blobs that are manifests and indexes.
    package let documents: Set<Digest>
    /// Members of indexes that are neither manifests nor indexes: copied as they are, and run by no engine.
    package let otherMembers: [Descriptor]

    /// What its place says of it, which a layout or an archive that it is copied to says, too.
    let listing: ImageListing

    private let uses: [Digest: String]
    /// Documents that were read already, but the root.
    private let read: [Digest: ImageDocument]

    /// Reads the documents of an image.
    ///
    /// Throws what is wrong with a document, and for more than ``maximumBlobs`` blobs.
    package init(of source: some ImageSource) throws(TransportError) {
        if let ambiguity = source.notes.ambiguities.first { throw ambiguity }
        root = try source.root()
        listing = source.listing
        var walk = OutlineWalk(source)
        try walk.visit(root)
        var blobs: [Descriptor] = []
        var sizes: [Digest: Int64] = [:]
        for descriptor in walk.content + walk.documents + [root.descriptor] {
            if let size = sizes.updateValue(descriptor.size, forKey: descriptor.digest) {
                guard size == descriptor.size else {
                    throw .size(what: "blob \(descriptor.digest.short)", expected: descriptor.size, found: size)
                }
            } else {
                blobs.append(descriptor)
            }
        }
        guard blobs.count <= Self.maximumBlobs else {
            throw .tooLarge(
                what: "the image",
                size: Int64(blobs.count),
                limit: Int64(Self.maximumBlobs),
                unit: "blobs"
            )
        }
        self.blobs = blobs
        parts = walk.parts
        documents = Set(walk.documents.map(\.digest)).union([root.digest])
        otherMembers = walk.otherMembers
        uses = walk.uses
        read = walk.read
    }

    /// The blobs that are neither documents nor configs: what isn't read to know the image.
    var contents: Set<Digest> {
        Set(parts.flatMap(\.manifest.layers).map(\.digest)).subtracting(documents)
            .subtracting(parts.map(\.manifest.config.digest))
    }

    /// A document that was read already; nil for any other blob.
    func document(_ digest: Digest) -> ImageDocument? { digest == root.digest ? root : read[digest] }

    /// An error about a blob; where the blob is missing, with its use in the image.
    func error(_ error: TransportError, about descriptor: Descriptor) -> TransportError {
        error.naming(uses[descriptor.digest], isInIndex: MediaType.isIndex(root.mediaType))
    }

    /// How deep indexes in indexes are read, the outermost counted: nobody nests them deeper.
    static let largestDepth = 4

    /// The most blobs that an image may have.
    package static let maximumBlobs = 10_000
}
