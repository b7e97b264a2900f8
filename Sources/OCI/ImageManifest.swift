/// An image for one platform: a config and layers (OCI image specification 1.1, manifest.md).
public struct ImageManifest: Hashable, Sendable, Codable {
    /// Always 2.
    public var schemaVersion: Int
    /// ``MediaType/imageManifest`` or Docker's; older OCI manifests leave it out.
    public var mediaType: String?
    /// What kind of artifact it is, when it is no image.
    public var artifactType: String?
    /// The config blob.
    public var config: Descriptor
    /// The layers, lowest first.
    public var layers: [Descriptor]
    /// The manifest that this one speaks of.
    public var subject: Descriptor?
    /// Free annotations.
    public var annotations: [String: String]?

    /// A manifest of this specification.
    public init(config: Descriptor, layers: [Descriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = MediaType.imageManifest
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}
