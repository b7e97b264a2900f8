internal import ArtifactStore
internal import ContentAddress
internal import OCI

/// What an audit was asked, and what the image's documents say of the whole.
struct AuditBasis: Codable, Sendable {
    /// One platform's image, in the index's order.
    struct Image: Codable, Sendable {
        let manifest: Digest
        /// The platform that the index offers it for.
        let claimed: String?
        /// The known base that it was found to have.
        let base: KnownBase?
    }

    let mediaType: String
    let attestations: Int
    let images: [Image]
    /// What was found while the documents were read.
    let findings: [RecordedFinding]
    let expected: [String]
    let platform: String?
    /// The bases that were named.
    let bases: [KnownBase]
    /// The text of the policy that it was held to.
    var policy: String?

    /// What was asked; throws ``RecordError`` where it isn't what this program writes.
    func options() throws -> AuditOptions {
        var options = AuditOptions()
        options.expected = try expected.map { try ReleaseKey(parsing: $0) }
        options.platform = try platform.map { try Platform(parsing: $0) }
        options.bases = bases
        return options
    }
}
