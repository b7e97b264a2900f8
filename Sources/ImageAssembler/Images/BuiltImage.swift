import ArtifactStore
package import ContentAddress
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
            self.mediaType = mediaType
            bytes = CanonicalJSON.encode(json)
            digest = .of(bytes)
        }

        var descriptor: Descriptor { Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count)) }
    }

    /// The index's digest: the image's.
    package let digest: Digest
    package let index: Document
    /// The platforms, in the index's order.
    package let parts: [Part]
    /// The configs, the manifests and the index.
    package let documents: [Document]
    /// The released files in the layers that were made.
    package let artifacts: Set<Digest>
    /// The base images of its platforms.
    let bases: [BaseMark]

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
