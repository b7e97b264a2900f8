package import ContentAddress
package import OCI
package import Release

/// A release that is complete: no file is added to it or changed in it any more.
package struct SealedRelease: Hashable, Sendable {
    /// Its name and version.
    package let key: ReleaseKey
    /// The digest of its OCI index (docs/bundle-format.md), which is the same in every store.
    package let digest: Digest
    /// When it was sealed.
    package let sealedAt: Timestamp
    /// Who sealed it.
    package let sealedBy: String
}
