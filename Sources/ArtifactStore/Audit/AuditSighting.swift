public import ContentAddress
public import OCI

/// Why a file that isn't the one asked for was found all the same.
public struct AuditNearness: Sendable, Hashable {
    /// What the two have in common: `same code`, `same build-id`, `same Go package`.
    public let evidence: [String]
    /// How many of its bytes stand in the file asked for, in thousandths; nil where that wasn't measured.
    public let thousandths: Int?
}

/// A file in an audited image that has one of the digests that were asked for.
public struct AuditSighting: Sendable, Hashable {
    /// The digest of the image's manifest or index, as it was audited last.
    public let image: Digest
    /// The references under which it was audited, the latest first.
    public let references: [String]
    /// The digest of the platform's manifest.
    public let manifest: Digest
    /// The platform.
    public let platform: String
    /// The verdict of the last audit; nil for a damaged image.
    public let verdict: String?
    /// When it was audited last.
    public let auditedAt: Timestamp
    /// The file's path, raw.
    public let path: [UInt8]
    /// The file's digest.
    public let digest: Digest
    /// The file's size in bytes.
    public let size: Int64
    /// Its permission bits.
    public let mode: UInt32
    /// The layer that brought it, 0 for the lowest.
    public let layer: Int
    /// What brings it near to the file asked for; nil when it is that file.
    public var nearness: AuditNearness?
}
