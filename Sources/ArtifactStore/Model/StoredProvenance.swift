package import ContentAddress
package import OCI

/// A builder's own attestation that the store keeps, byte for byte.
package struct StoredProvenance: Hashable, Sendable {
    /// The digest of its bytes.
    package let digest: Digest
    /// What kind of thing is said.
    package let predicateType: String
    /// The files here that it is about; a document may speak of any number of others.
    package let subjects: [Digest]
    /// The trusted key that it was verified by when it was added; nil when it was unverified.
    package let key: Digest?
    /// A DSSE envelope, or a sigstore bundle.
    package let bytes: [UInt8]
    /// When it was added, and by whom.
    package let addedAt: Timestamp
    package let addedBy: String
}

/// A builder's own attestation that is to be kept.
package struct NewProvenance: Hashable, Sendable {
    package let bytes: [UInt8]
    package let predicateType: String
    package let subjects: Set<Digest>
    package let key: Digest?
    /// When the log that it comes from has it, where that was verified.
    package var loggedAt: Timestamp?

    /// A document's bytes, what was read from them, and the trusted key that they were verified by.
    package init(bytes: [UInt8], predicateType: String, subjects: Set<Digest>, key: Digest?) {
        self.bytes = bytes
        self.predicateType = predicateType
        self.subjects = subjects
        self.key = key
    }

    /// The same document with those of its subjects that are among some digests.
    package func about(_ digests: Set<Digest>) -> NewProvenance {
        var provenance = NewProvenance(
            bytes: bytes,
            predicateType: predicateType,
            subjects: digests.filter(subjects.contains),
            key: key
        )
        provenance.loggedAt = loggedAt
        return provenance
    }
}
