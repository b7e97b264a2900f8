package import ArtifactStore
package import ContentAddress
import ImageAuditor
import OCI
package import Release

/// An audit in JSON, without its report.
package struct AuditShape: Encodable {
    package let image: Digest
    package let reference: String
    package let verdict: String?
    package let rules: Int
    package let auditedAt: String
    package let auditedBy: String
    package let platforms: [String]
    package let releases: [ReleaseKey]
    /// True where a program of the image was removed from its releases.
    package let withdrawn: Bool?

    package init(_ listing: AuditListing, isWithdrawn: Bool = false) {
        withdrawn = isWithdrawn ? true : nil
        image = listing.image
        reference = listing.reference
        verdict = listing.verdict
        rules = listing.rules
        auditedAt = listing.auditedAt.rfc3339
        auditedBy = listing.auditedBy
        // The report of a damaged image has no platforms.
        let found = try? FoundReleases(listing.report)
        platforms = found?.platforms ?? []
        releases = found?.releases ?? []
    }
}
