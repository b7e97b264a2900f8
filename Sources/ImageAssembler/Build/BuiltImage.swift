internal import ArtifactStore
public import ContentAddress
public import OCI

/// An image that was built: its documents, and what they point to.
public struct BuiltImage: Sendable {
    /// One platform of it.
    public struct Part: Sendable {
        /// The platform.
        public let platform: Platform
        /// The manifest's descriptor in the index.
        public let manifest: Descriptor
        /// The config's descriptor.
        public let config: Descriptor
        /// The layers, lowest first.
        public let layers: [Layer]
    }

    /// A layer.
    public struct Layer: Sendable {
        /// The blob's descriptor, with its annotations.
        public let descriptor: Descriptor
        /// The digest of the uncompressed tar.
        public let diffID: Digest
        /// What it was derived from; nil for a base image's layer.
        public let recipe: JSONValue?
    }

    /// A JSON document.
    public struct Document: Sendable {
        /// Its media type.
        public let mediaType: String
        /// Its canonical bytes.
        public let bytes: [UInt8]
        /// Their digest.
        public let digest: Digest

        init(_ mediaType: String, _ json: JSONValue) {
            self.mediaType = mediaType
            bytes = CanonicalJSON.encode(json)
            digest = .of(bytes)
        }

        var descriptor: Descriptor { Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count)) }
    }

    /// The index's digest: the image's.
    public let digest: Digest
    /// The index.
    public let index: Document
    /// The platforms, in the index's order.
    public let parts: [Part]
    /// The configs, the manifests and the index.
    public let documents: [Document]
    /// The released files in the layers that were made.
    public let artifacts: Set<Digest>
    /// The base images of its platforms.
    let bases: [BaseMark]

    /// The recipes of which only the digest stands in the manifest.
    var longRecipes: [[UInt8]] {
        parts.flatMap(\.layers).compactMap(\.recipe).map { CanonicalJSON.encode($0) }
            .filter { $0.count > ImageAssembly.longestRecipe }
    }

    /// Every blob that the image's documents reach.
    public var blobs: Set<Digest> {
        Set(documents.map(\.digest) + parts.flatMap { $0.layers.map(\.descriptor.digest) })
    }
}
