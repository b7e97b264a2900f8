public import ContentAddress

/// That a platform's image in the store is one that others are built on.
public struct BaseMark: Hashable, Sendable {
    /// The image in the store: an index, or the manifest itself.
    public var image: Digest
    /// The platform's manifest.
    public var manifest: Digest
    /// The uncompressed digests of its layers, lowest first.
    public var diffIDs: [Digest]
    /// Why it is marked, for the log.
    public var reason: String

    /// A mark from its parts.
    public init(image: Digest, manifest: Digest, diffIDs: [Digest], reason: String) {
        self.image = image
        self.manifest = manifest
        self.diffIDs = diffIDs
        self.reason = reason
    }
}

/// An image of the store that is marked as a base, for one platform.
public struct KnownBaseImage: Hashable, Sendable {
    /// The first of its names; the digest of one without.
    public let name: String
    /// The platform's manifest.
    public let manifest: Digest
    /// The uncompressed digests of its layers, lowest first.
    public let diffIDs: [Digest]
}
