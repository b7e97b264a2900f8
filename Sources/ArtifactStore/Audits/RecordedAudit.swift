package import ContentAddress

/// The latest audit of an image, as it was recorded.
package struct RecordedAudit: Sendable {
    /// Its row.
    let id: Int64
    /// The digest of the image's manifest or index.
    package let image: Digest
    /// The reference that was audited.
    package let reference: String
    /// The verdict's word; nil for a damaged image.
    package let verdict: String?
    /// What was asked, and what the documents say of the whole; nil where an earlier version recorded it.
    package let basis: AuditRecord.Basis?
    /// The version of the rules by which it was audited.
    package let rules: Int
    /// The last event of the store that it is known to hold for.
    package let event: Int64
    /// The platforms' images with the diffIDs of their layers.
    package internal(set) var manifests: [(digest: Digest, diffIDs: [Digest])] = []
    /// The last event that may have changed what is said of it; 0 for none after ``event``.
    package internal(set) var lastTouched: Int64 = 0
}
