package import ContentAddress
package import OCI

/// Why a file that isn't the one asked for was found all the same.
package struct AuditNearness: Sendable, Hashable {
    /// What the two have in common: `same code`, `same build-id`, `same Go package`.
    package let evidence: [String]
    /// How many of its bytes stand in the file asked for, in thousandths; nil where that wasn't measured.
    package let thousandths: Int?
}

/// A file in an audited image that has one of the digests that were asked for.
package struct AuditOccurrence: Sendable, Hashable {
    /// The digest of the image's manifest or index, as it was audited last.
    package let image: Digest
    /// The references under which it was audited, the latest first.
    package let references: [String]
    /// The digest of the platform's manifest.
    package let manifest: Digest
    package let platform: String
    /// The verdict of the last audit; nil for a damaged image.
    package let verdict: String?
    /// When it was audited last.
    package let auditedAt: Timestamp
    /// The file's path, raw.
    package let path: [UInt8]
    /// The file's digest.
    package let digest: Digest
    /// The file's size in bytes.
    package let size: Int64
    /// Its permission bits.
    package let mode: UInt32
    /// The layer that brought it, 0 for the lowest.
    package let layer: Int
    /// What brings it near to the file asked for; nil when it is that file.
    package var nearness: AuditNearness?
}
