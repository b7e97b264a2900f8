package import ContentAddress
import GRDB
package import OCI

/// The latest audit of an image in short: its verdicts, and no report.
package struct AuditSummary: Sendable, Hashable {
    /// The verdict's word; nil for a damaged image.
    package let verdict: String?
    package let auditedAt: Timestamp
    /// The verdict of each platform.
    package let platforms: [Part]

    /// A platform's image.
    package struct Part: Sendable, Hashable {
        package let platform: String
        package let manifest: Digest
        /// The verdict's word; nil for a damaged image.
        package let verdict: String?
    }
}

/// How many audits of a day came to a verdict.
package struct AuditCount: Sendable, Hashable {
    /// Days since 1970, in UTC.
    package let day: Int64
    /// The verdict's word; nil for damaged images.
    package let verdict: String?
    package let count: Int
}

extension Store {
    /// Audits, the latest first, before a number, at most `limit`, each with its number.
    ///
    /// `verdict` is the word of those that are wanted; `damaged` for images without one.
    package func audits(
        before number: Int64? = nil,
        verdict: String? = nil,
        limit: Int
    ) throws(StoreError) -> [(number: Int64, audit: AuditListing)] {
        try index.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT id, image, reference, verdict, rules, audited_at, audited_by, report FROM audit
                        WHERE id < :number AND (:verdict IS NULL OR coalesce(verdict, 'damaged') = :verdict)
                        ORDER BY id DESC LIMIT :limit
                        """
                ),
                arguments: ["number": number ?? .max, "verdict": verdict, "limit": limit]
            ).map { ($0["id"], try Self.listing($0)) }
        }
    }

    /// The latest audit of a manifest or index with its report; nil where there is none.
    package func latestAudit(of image: Digest) throws(StoreError) -> AuditListing? {
        try index.read { db in
            try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT image, reference, verdict, rules, audited_at, audited_by, report FROM audit
                        WHERE image = ? ORDER BY id DESC LIMIT 1
                        """
                ),
                arguments: [image.column]
            ).map(Self.listing)
        }
    }

    /// For each of many images its latest audit in short; no entry where there is none.
    package func auditSummaries(of images: [Digest]) throws(StoreError) -> [Digest: AuditSummary] {
        try index.read { db in
            let audit = try db.cachedStatement(
                sql: "SELECT id, verdict, audited_at FROM audit WHERE image = ? ORDER BY id DESC LIMIT 1"
            )
            let parts = try db.cachedStatement(
                sql: """
                    SELECT platform, digest, audit_part.verdict FROM audit_part
                    JOIN audit_manifest ON audit_manifest.id = audit_part.manifest WHERE audit = ? ORDER BY platform
                    """
            )
            var found: [Digest: AuditSummary] = [:]
            for image in images {
                guard let row = try Row.fetchOne(audit, arguments: [image.column]) else { continue }
                found[image] = AuditSummary(
                    verdict: row["verdict"],
                    auditedAt: Timestamp(milliseconds: row["audited_at"]),
                    platforms: try Row.fetchAll(parts, arguments: [row["id"] as Int64]).map { part in
                        AuditSummary.Part(
                            platform: part["platform"],
                            manifest: try part.digest("digest"),
                            verdict: part["verdict"]
                        )
                    }
                )
            }
            return found
        }
    }

    /// How many audits came to which verdict, day by day.
    package func auditCounts() throws(StoreError) -> [AuditCount] {
        try index.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT audited_at / 86400000 AS day, verdict, count(*) AS count FROM audit
                    GROUP BY day, verdict ORDER BY day, verdict
                    """
            ).map { AuditCount(day: $0["day"], verdict: $0["verdict"], count: $0["count"]) }
        }
    }

    static func listing(_ row: Row) throws -> AuditListing {
        AuditListing(
            image: try row.digest("image"),
            reference: row["reference"],
            verdict: row["verdict"],
            rules: row["rules"],
            auditedAt: Timestamp(milliseconds: row["audited_at"]),
            auditedBy: row["audited_by"],
            report: AuditDocument(column: row["report"])
        )
    }
}
