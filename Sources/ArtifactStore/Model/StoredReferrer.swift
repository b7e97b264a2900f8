package import ContentAddress
package import OCI

/// A manifest of somebody else's that refers to another one, as it came with its subject.
package struct StoredReferrer: Hashable, Sendable {
    /// The manifest's digest.
    package let digest: Digest
    /// The digest of the manifest that it refers to.
    package let subject: Digest
    /// The manifest's media type.
    package let mediaType: String
    /// What kind of artifact it is.
    package let artifactType: String?
    /// When it came into the store, and by whom.
    package let addedAt: Timestamp
    package let addedBy: String
}

/// What is recorded of a referrer when it comes into the store.
package struct ReferrerRecord: Hashable, Sendable {
    package let digest: Digest
    let subject: Digest
    let mediaType: String
    let artifactType: String?
    let blobs: Set<Digest>

    /// A record from its parts; `blobs` are all that it reaches, itself included.
    package init(digest: Digest, subject: Digest, mediaType: String, artifactType: String?, blobs: Set<Digest>) {
        self.digest = digest
        self.subject = subject
        self.mediaType = mediaType
        self.artifactType = artifactType
        self.blobs = blobs
    }
}
