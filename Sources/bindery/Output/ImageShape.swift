import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Release

/// An image in JSON, built or stored: platforms and their layers (docs/cli.md).
struct ImageShape: Encodable {
    struct Part: Encodable {
        let platform: String
        let manifest: Digest
        let config: Digest
        let layers: [Layer]
        /// What the documents set, in `show`.
        var settings: [String: String]?
    }

    struct Layer: Encodable {
        let digest: Digest
        let diffID: Digest?
        let size: Int64
        let mediaType: String
        /// What the layer was derived from; nil for a foreign one.
        let recipe: JSONValue?
        /// The files of the recipe, in `show`.
        var files: [File]?
    }

    struct File: Encodable {
        let path: String
        let digest: Digest
        let releases: [String]
    }

    let digest: Digest
    /// The root document's media type, in `show`.
    var mediaType: String?
    let references: [String]
    let platforms: [Part]
    /// The types of the statements that a build signed of it; nil where it signed none.
    var attested: [String]?
}

extension ImageShape {
    /// An image that was just built.
    init(_ image: BuiltImage, references: [ImageReference]) {
        digest = image.digest
        self.references = references.map(\.tagged)
        platforms = image.parts.map { part in
            Part(
                platform: part.platform.description,
                manifest: part.manifest.digest,
                config: part.config.digest,
                layers: part.layers.map {
                    Layer(
                        digest: $0.descriptor.digest,
                        diffID: $0.diffID,
                        size: $0.descriptor.size,
                        mediaType: $0.descriptor.mediaType,
                        recipe: $0.recipe?.json
                    )
                }
            )
        }
    }
}
