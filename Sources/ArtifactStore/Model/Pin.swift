package import ContentAddress
package import OCI

/// What keeps a released file or an image, whatever policies and collections say, until it is taken off.
package struct Pin: Hashable, Sendable {
    /// The file's digest, or that of the image's index or manifest.
    package let digest: Digest
    /// Why.
    package let reason: String?
    /// Since when.
    package let pinnedAt: Timestamp
    /// Who pinned it.
    package let pinnedBy: String
}
