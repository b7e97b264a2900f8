package import ContentAddress
import GRDB
package import OCI

/// The latest audit of an image, for an overview.
package struct AuditListing: Sendable {
    /// The digest of the image's manifest or index.
    package let image: Digest
    /// The reference that was audited.
    package let reference: String
    /// The verdict's word; nil for a damaged image.
    package let verdict: String?
    /// The version of the rules by which it was audited.
    package let rules: Int
    /// When it was audited, and by whom.
    package let auditedAt: Timestamp
    package let auditedBy: String
    /// What was found.
    package let report: AuditRecord.Report
}

extension Store {
    /// The latest audit of each image, the latest first.
    package func auditListings() throws(StoreError) -> [AuditListing] {
        try index.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT image, reference, verdict, rules, audited_at, audited_by, report FROM audit
                    WHERE id IN (SELECT max(id) FROM audit GROUP BY image) ORDER BY id DESC
                    """
            ).map(Self.listing)
        }
    }
}
