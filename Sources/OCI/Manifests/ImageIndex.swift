/// A list of manifests, one for each platform (OCI image specification 1.1, image-index.md).
package struct ImageIndex: Hashable, Sendable, Codable {
    /// Always 2.
    package var schemaVersion: Int
    /// ``MediaType/imageIndex`` or Docker's manifest list; older OCI indexes leave it out.
    package var mediaType: String?
    /// What kind of artifact it is, when it is no image.
    package var artifactType: String?
    /// The manifests.
    package var manifests: [Descriptor]
    /// The manifest that this one speaks of.
    package var subject: Descriptor?
    /// Free annotations.
    package var annotations: [String: String]?

    /// An index of this specification.
    package init(manifests: [Descriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = MediaType.imageIndex
        self.manifests = manifests
        self.annotations = annotations
    }
}
