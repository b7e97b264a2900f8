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
    /// Whether it was removed with the word that nothing was wrong with it.
    package let isHarmless: Bool

    /// What the reason of a removal by a retention policy begins with.
    package static let retention = "retention: "

    /// Whether nothing was wrong with it: it was removed as harmless, or by a retention policy.
    package var isNote: Bool { isHarmless || reason?.hasPrefix(Self.retention) == true }
}
