/// A list of manifests, one for each platform (OCI image specification 1.1, image-index.md).
public struct ImageIndex: Hashable, Sendable, Codable {
    /// Always 2.
    public var schemaVersion: Int
    /// ``MediaType/imageIndex`` or Docker's manifest list; older OCI indexes leave it out.
    public var mediaType: String?
    /// What kind of artifact it is, when it is no image.
    public var artifactType: String?
    /// The manifests.
    public var manifests: [Descriptor]
    /// The manifest that this one speaks of.
    public var subject: Descriptor?
    /// Free annotations.
    public var annotations: [String: String]?

    /// An index of this specification.
    public init(manifests: [Descriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = MediaType.imageIndex
        self.manifests = manifests
        self.annotations = annotations
    }
}
