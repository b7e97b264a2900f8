package import ContentAddress

/// A layer that was derived from a recipe: its blob, and the digest of its uncompressed bytes.
package struct DerivedLayer: Hashable, Sendable {
    package let recipe: Digest
    /// The blob's digest.
    package let digest: Digest
    /// The digest of the uncompressed tar, the layer's diffID.
    package let diffID: Digest
    /// The blob's size in bytes.
    package let size: Int64

    /// A layer from its parts.
    package init(recipe: Digest, digest: Digest, diffID: Digest, size: Int64) {
        self.recipe = recipe
        self.digest = digest
        self.diffID = diffID
        self.size = size
    }
}
