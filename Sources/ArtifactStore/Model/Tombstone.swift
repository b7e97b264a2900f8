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

    /// What the reason of a removal by a retention policy begins with.
    package static let retention = "retention: "

    /// Whether a retention policy removed it, and nobody who found something wrong with it.
    package var isByRetention: Bool { reason?.hasPrefix(Self.retention) == true }
}
