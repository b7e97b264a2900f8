package import ContentAddress
package import OCI
package import Release

/// What stays of a removed artifact: its key is never given to other bytes.
package struct Tombstone: Hashable, Sendable {
    /// The removed key.
    package let key: ArtifactKey
    /// The digest it had.
    package let digest: Digest
    /// When it was removed.
    package let removedAt: Timestamp
    /// Who removed it.
    package let removedBy: String
    /// Why, if it was said.
    package let reason: String?
}
