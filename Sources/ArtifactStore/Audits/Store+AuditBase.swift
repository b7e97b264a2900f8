package import ContentAddress
import Foundation
import GRDB
package import OCI

/// An audited platform's image that begins with the layers of another one.
package struct BasedImage: Sendable, Hashable {
    /// The digest of the image's manifest or index, as it was audited last.
    package let image: Digest
    /// The references under which it was audited, the latest first.
    package let references: [String]
    /// The digest of the platform's manifest.
    package let manifest: Digest
    /// The platform.
    package let platform: String
    /// The verdict of the last audit; nil for a damaged image.
    package let verdict: String?
    /// When it was audited last.
    package let auditedAt: Timestamp
}

extension Store {
    /// The uncompressed digests of the layers that marks and audits know of an image, by the digest of its index or
    /// manifest: a list for each platform.
    package func recordedLayers(of image: Digest) throws(StoreError) -> [[Digest]] {
        try index.read { db in
            let digest = image.column
            let lists = try Data.fetchAll(
                db,
                sql: """
                    SELECT audit_facts.diff_ids FROM audit_facts
                    JOIN audit_manifest ON audit_manifest.id = audit_facts.manifest
                    WHERE audit_manifest.digest = ? OR audit_manifest.id IN (
                        SELECT audit_part.manifest FROM audit_part JOIN audit ON audit.id = audit_part.audit
                        WHERE audit.image = ?)
                    """,
                arguments: [digest, digest]
            )
            let marked = try BaseRows.all(in: db).filter { $0.manifest == image }.map(\.diffIDs)
            return try lists.map { try AuditEvidenceRows.digests($0) } + marked
        }
    }

    /// The audited images that have all of these layers at the bottom and others above them, the latest audit first.
    package func images(basedOn layers: [Digest]) throws(StoreError) -> [BasedImage] {
        guard !layers.isEmpty else { return [] }
        let found = try index.read { db in
            let below = Data(layers.flatMap(\.bytes))
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT audit_manifest.id, audit_manifest.digest, audit_manifest.platform FROM audit_facts
                    JOIN audit_manifest ON audit_manifest.id = audit_facts.manifest
                    WHERE length(audit_facts.diff_ids) > ? AND substr(audit_facts.diff_ids, 1, ?) = ?
                    """,
                arguments: [below.count, below.count, below]
            )
            return try rows.flatMap { row -> [BasedImage] in
                let manifest = try row.digest("digest")
                return try AuditRows.latestAudits(of: row["id"], in: db).map { audit in
                    BasedImage(
                        image: audit.image,
                        references: audit.references,
                        manifest: manifest,
                        platform: row["platform"],
                        verdict: audit.verdict,
                        auditedAt: audit.auditedAt
                    )
                }
            }
        }
        return found.sorted { left, right in
            left.auditedAt == right.auditedAt
                ? (left.references.first ?? "", left.platform) < (right.references.first ?? "", right.platform)
                : left.auditedAt > right.auditedAt
        }
    }
}
