public import ContentAddress
public import OCI

/// What keeps a released file or an image, whatever policies and collections say, until it is taken off.
public struct Pin: Hashable, Sendable {
    /// The file's digest, or that of the image's index or manifest.
    public let digest: Digest
    /// Why.
    public let reason: String?
    /// Since when.
    public let pinnedAt: Timestamp
    /// Who pinned it.
    public let pinnedBy: String
}
