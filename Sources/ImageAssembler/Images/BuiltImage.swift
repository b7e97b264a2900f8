package import ArtifactStore
package import ContentAddress
package import ImageTransport
package import OCI
package import Release

/// An image that was built: its documents, and what they point to.
package struct BuiltImage: Sendable {
    /// One platform of it.
    package struct Part: Sendable {
        package let platform: Platform
        /// The manifest's descriptor in the index.
        package let manifest: Descriptor
        package let config: Descriptor
        /// The layers, lowest first.
        package let layers: [Layer]
    }

    package struct Layer: Sendable {
        /// The blob's descriptor, with its annotations.
        package let descriptor: Descriptor
        /// The digest of the uncompressed tar.
        package let diffID: Digest
        /// What it was derived from; nil for a base image's layer.
        package let recipe: LayerRecipe?
    }

    /// A JSON document.
    package struct Document: Sendable {
        package let mediaType: String
        /// Its canonical bytes.
        package let bytes: [UInt8]
        package let digest: Digest

        init(_ mediaType: String, _ json: JSONValue) {
            self.init(mediaType, bytes: CanonicalJSON.encode(json))
        }

        init(_ mediaType: String, bytes: [UInt8]) {
            self.mediaType = mediaType
            self.bytes = bytes
            digest = .of(bytes)
        }

        var descriptor: Descriptor { Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count)) }
    }

    /// An unsigned statement about a platform's manifest, which stands in the index beside it.
    package struct Statement: Sendable {
        let predicateType: String
        let bytes: [UInt8]

        /// An in-toto statement of a predicate type.
        package init(predicateType: String, bytes: [UInt8]) {
            self.predicateType = predicateType
            self.bytes = bytes
        }
    }

    /// Makes the statements about each platform's manifest, by its digest, from an image without any.
    package typealias Stating =
        @Sendable (BuiltImage, any ImageSource) throws(AssemblerError) -> [Digest: [Statement]]

    /// The index's digest: the image's.
    package let digest: Digest
    package let index: Document
    /// The platforms, in the index's order.
    package let parts: [Part]
    /// The configs, the manifests and the index.
    package let documents: [Document]
    /// The released files in the layers that were made, and the archives that were unpacked into them.
    package let artifacts: Set<Digest>
    /// The base images of its platforms.
    package let bases: [BaseMark]
    /// Whether triggers of a base were carried out.
    package let hasTriggers: Bool
    /// How many manifests the index names.
    let memberCount: Int

    /// The recipes of which only the digest stands in the manifest.
    var longRecipes: [[UInt8]] {
        parts.flatMap(\.layers).compactMap { $0.recipe?.bytes }
            .filter { $0.count > ImageAssembly.longestRecipe }
    }

    /// Every blob that the image's documents reach.
    package var blobs: Set<Digest> {
        Set(documents.map(\.digest) + parts.flatMap { $0.layers.map(\.descriptor.digest) })
    }
}
