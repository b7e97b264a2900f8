public import ContentAddress

/// A layer that was derived from a recipe: its blob, and the digest of its uncompressed bytes.
public struct DerivedLayer: Hashable, Sendable {
    /// The recipe's digest.
    public let recipe: Digest
    /// The blob's digest.
    public let digest: Digest
    /// The digest of the uncompressed tar, the layer's diffID.
    public let diffID: Digest
    /// The blob's size in bytes.
    public let size: Int64

    /// A layer from its parts.
    public init(recipe: Digest, digest: Digest, diffID: Digest, size: Int64) {
        self.recipe = recipe
        self.digest = digest
        self.diffID = diffID
        self.size = size
    }
}
