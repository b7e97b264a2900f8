public import ContentAddress
public import OCI

/// What stays of a removed artifact: its key is never given to other bytes.
public struct Tombstone: Hashable, Sendable {
    /// The removed key.
    public let key: ArtifactKey
    /// The digest it had.
    public let digest: Digest
    /// When it was removed.
    public let removedAt: Timestamp
    /// Who removed it.
    public let removedBy: String
    /// Why, if it was said.
    public let reason: String?
}
