package import ContentAddress

/// That a platform's image in the store is one that others are built on.
package struct BaseMark: Hashable, Sendable {
    /// The image in the store: an index, or the manifest itself.
    package var image: Digest
    /// The platform's manifest.
    package var manifest: Digest
    /// The uncompressed digests of its layers, lowest first.
    package var diffIDs: [Digest]
    /// Why it is marked, for the log.
    package var reason: String

    /// A mark from its parts.
    package init(image: Digest, manifest: Digest, diffIDs: [Digest], reason: String) {
        self.image = image
        self.manifest = manifest
        self.diffIDs = diffIDs
        self.reason = reason
    }
}

/// An image of the store that is marked as a base, for one platform.
package struct KnownBaseImage: Hashable, Sendable {
    /// The first of its names; the digest of one without.
    package let name: String
    /// The platform's manifest.
    package let manifest: Digest
    /// The uncompressed digests of its layers, lowest first.
    package let diffIDs: [Digest]
}
