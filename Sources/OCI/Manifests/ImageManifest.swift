import JSON

/// An image for one platform: a config and layers (OCI image specification 1.1, manifest.md).
package struct ImageManifest: Hashable, Sendable, Codable {
    /// Always 2.
    package var schemaVersion: Int
    /// ``MediaType/imageManifest`` or Docker's; older OCI manifests leave it out.
    package var mediaType: String?
    /// What kind of artifact it is, when it is not an image.
    package var artifactType: String?
    /// The config blob.
    package var config: Descriptor
    /// The layers, lowest first.
    package var layers: [Descriptor]
    /// The manifest that this one speaks of.
    package var subject: Descriptor?
    /// Free annotations.
    package var annotations: [String: String]?

    /// A manifest of this specification.
    package init(config: Descriptor, layers: [Descriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = MediaType.imageManifest
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}

extension ImageManifest {
    /// Reads a manifest.
    ///
    /// Layers that are missing are none, and a schema version that is missing beside a media type is 2. A subject isn't followed, so that one with a digest of another algorithm is
    /// none.
    package init(from decoder: any Decoder) throws {
        let members = try JSONMemberReader(decoder)
        mediaType = try members.decodeIfPresent(String.self, forKey: CodingKeys.mediaType)
        // Engines go by the media type; where neither says what the document is, some refuse it.
        schemaVersion =
            mediaType?.isEmpty == false
            ? try members.decodeIfPresent(Int.self, forKey: CodingKeys.schemaVersion) ?? 2
            : try members.decode(Int.self, forKey: CodingKeys.schemaVersion)
        artifactType = try members.decodeIfPresent(String.self, forKey: CodingKeys.artifactType)
        config = try members.decode(Descriptor.self, forKey: CodingKeys.config)
        layers = try members.decodeIfPresent([Descriptor].self, forKey: CodingKeys.layers) ?? []
        subject = try? members.decodeIfPresent(Descriptor.self, forKey: CodingKeys.subject)
        annotations = try members.texts(CodingKeys.annotations)
    }
}
