import ArtifactStore
import ContentAddress
import OCI
import Release

/// What an audit was asked, and what the image's documents say of the whole.
struct AuditBasis: AuditContent, Codable, Sendable {
    typealias Kind = AuditRecord.BasisKind

    /// One platform's image, in the index's order.
    struct AuditedManifest: Codable, Sendable {
        let manifest: Digest
        /// The platform that the index offers it for.
        let claimed: String?
        /// The known base that it was found to have.
        let base: KnownBase?
    }

    let mediaType: String
    let attestations: Int
    let images: [AuditedManifest]
    /// What was found while the documents were read.
    var findings: [RecordedFinding]
    var expected: [String]
    let platform: String?
    /// The bases that were named.
    var bases: [KnownBase]
    /// All manifests that the index offers, read or not; nil in records of rules 1.
    var members: [IndexReading.Member]?
    /// The documents that were read: indexes, manifests and configs; nil in records of rules 1.
    var documents: [Digest]?
    /// What keeps the whole from a verdict, whatever its platforms are; nil in records of rules 1.
    var doubts: Doubt?
    /// How many bytes of layers were to be read at most; nil for the usual.
    var largestSize: Int64?
    /// The text of the policy that it was held to.
    var policy: String?
    /// Whether a rule of that policy was broken; nil where there was none.
    var isPolicyBroken: Bool?
    /// When a finding that the policy accepts is refused again, in milliseconds since 1970; nil where none will be.
    var policyEnd: Int64?
    /// True where a file is of a release that was withdrawn, or something is denied; nil elsewhere.
    var isWithdrawn: Bool?

    /// What was asked; throws ``RecordError`` where it isn't what this program writes.
    func options() throws -> AuditOptions {
        var options = AuditOptions()
        options.expected = try expected.map { try ReleaseKey(parsing: $0) }
        options.platform = try platform.map { try Platform(parsing: $0) }
        options.bases = bases
        options.largestSize = largestSize
        return options
    }
}
