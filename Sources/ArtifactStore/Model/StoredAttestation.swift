package import ContentAddress
package import OCI

/// A signed statement that the store keeps, byte for byte.
package struct StoredAttestation: Hashable, Sendable {
    /// The digest of its bytes.
    package let digest: Digest
    /// What kind of thing is said.
    package let predicateType: String
    /// The SHA-256 of the public key that it names.
    package let key: Digest
    /// The SHA-256 of the signed payload: the same statement by the same key is kept once.
    package let payload: Digest
    /// The digests that it is about.
    package let subjects: [Digest]
    /// A sigstore bundle.
    package let bytes: [UInt8]
    /// The manifest that brought it as a referrer; nil for one that was made or imported here.
    package let referrer: Digest?
    /// When it was added, and by whom.
    package let addedAt: Timestamp
    package let addedBy: String

    /// A statement from its parts.
    package init(
        digest: Digest,
        predicateType: String,
        key: Digest,
        payload: Digest,
        subjects: [Digest],
        bytes: [UInt8],
        referrer: Digest? = nil,
        addedAt: Timestamp,
        addedBy: String
    ) {
        self.digest = digest
        self.predicateType = predicateType
        self.key = key
        self.payload = payload
        self.subjects = subjects
        self.bytes = bytes
        self.referrer = referrer
        self.addedAt = addedAt
        self.addedBy = addedBy
    }
}

/// A signed statement that is to be kept.
package struct NewAttestation: Hashable, Sendable {
    let predicateType: String
    let key: Digest
    let payload: Digest
    let subjects: [Digest]
    package let bytes: [UInt8]
    /// When the log that it comes from has it, where that was verified.
    let loggedAt: Timestamp?

    /// A bundle's bytes, and what was read from them.
    package init(
        bytes: [UInt8],
        predicateType: String,
        key: Digest,
        payload: Digest,
        subjects: [Digest],
        loggedAt: Timestamp? = nil
    ) {
        self.bytes = bytes
        self.loggedAt = loggedAt
        self.predicateType = predicateType
        self.key = key
        self.payload = payload
        self.subjects = subjects
    }
}
