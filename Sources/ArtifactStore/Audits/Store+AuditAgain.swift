package import ContentAddress
import Foundation
import GRDB
import OCI

extension Store {
    /// The number of the store's latest event; 0 when there is none.
    package func lastEvent() throws(StoreError) -> Int64 {
        try index.read { try EventRows.last(in: $0) }
    }

    /// The latest audit of each image, oldest first, with the last event that may have changed what is said of it.
    ///
    /// Beside them the names of releases that changed since the oldest of them, with the number of their last change.
    package func recordedAudits() throws(StoreError) -> (audits: [RecordedAudit], changedNames: [String: Int64]) {
        try index.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT \(Self.auditColumns) FROM audit
                    WHERE id IN (SELECT max(id) FROM audit GROUP BY image) ORDER BY id
                    """
            )
            var audits = try rows.map(Self.recordedAudit)
            let touch = try AuditTouch(after: audits.map(\.event).min() ?? 0, in: db)
            let parts = try db.cachedStatement(
                sql: """
                    SELECT audit_manifest.id, digest, diff_ids FROM audit_part
                    JOIN audit_manifest ON audit_manifest.id = audit_part.manifest
                    LEFT JOIN audit_facts ON audit_facts.manifest = audit_part.manifest WHERE audit = ?
                    """
            )
            for position in audits.indices {
                for row in try Row.fetchAll(parts, arguments: [audits[position].id]) {
                    let layers: Data? = row["diff_ids"]
                    let ids = try layers.map { try AuditEvidenceRows.digests($0) } ?? []
                    audits[position].manifests.append((try row.digest("digest"), ids))
                    let last = touch.lastOfManifest[row["id"]] ?? 0
                    audits[position].lastTouched = max(audits[position].lastTouched, last)
                }
            }
            return (audits, touch.lastOfName)
        }
    }

    /// The latest audit of a manifest or index itself; nil where there is none.
    package func recordedAudit(of image: Digest) throws(StoreError) -> RecordedAudit? {
        let sql = "SELECT \(Self.auditColumns) FROM audit WHERE image = ? ORDER BY id DESC LIMIT 1"
        return try index.read { try Row.fetchOne($0, sql: sql, arguments: [image.column]).map(Self.recordedAudit) }
    }

    /// The latest audit of anything that a platform's manifest was part of; nil where there is none.
    package func recordedAudit(with manifest: Digest) throws(StoreError) -> RecordedAudit? {
        let sql = """
            SELECT \(Self.auditColumns) FROM audit WHERE id = (
                SELECT max(audit) FROM audit_part JOIN audit_manifest ON audit_manifest.id = audit_part.manifest
                WHERE digest = ?
            )
            """
        return try index.read { try Row.fetchOne($0, sql: sql, arguments: [manifest.column]).map(Self.recordedAudit) }
    }

    private static let auditColumns = """
        id, image, reference, verdict, basis, rules, max(event, coalesce(again_event, 0)) AS event
        """

    private static func recordedAudit(_ row: Row) throws -> RecordedAudit {
        RecordedAudit(
            id: row["id"],
            image: try row.digest("image"),
            reference: row["reference"],
            verdict: row["verdict"],
            basis: (row["basis"] as String?).map(AuditDocument.init),
            rules: row["rules"],
            event: row["event"]
        )
    }

    /// The images that were audited under a reference, or that have a digest or an audited platform with it.
    package func auditedImages(named reference: String) throws(StoreError) -> [Digest] {
        let digest = try? Digest(parsing: reference)
        return try index.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT image FROM audit WHERE reference = ? OR image = ? OR id IN (
                        SELECT audit FROM audit_part JOIN audit_manifest ON audit_manifest.id = audit_part.manifest
                        WHERE digest = ?
                    )
                    """,
                arguments: [reference, digest?.column, digest?.column]
            ).map { try $0.digest("image") }
        }
    }

    /// A manifest as an audit recorded it; nil where an earlier version recorded too little.
    package func recordedManifest(_ digest: Digest) throws(StoreError) -> AuditRecord.Manifest? {
        try index.read { try AuditEvidenceRows.manifest(digest, in: $0) }
    }

    /// For which platform a manifest is that was audited, and by which rules its layers were read; nil where an earlier
    /// version recorded too little of it, or nothing was.
    package func recordedPart(_ manifest: Digest) throws(StoreError) -> (platform: String, rules: Int)? {
        let sql = """
            SELECT platform, rules FROM audit_manifest JOIN audit_facts ON audit_facts.manifest = audit_manifest.id
            WHERE digest = ?
            """
        return try index.read { db in
            try Row.fetchOne(db, sql: sql, arguments: [manifest.column]).map { ($0["platform"], $0["rules"]) }
        }
    }

    /// What audits recorded of programs, by their digests.
    package func recordedPrograms(_ digests: Set<Digest>) throws(StoreError) -> [Digest: AuditRecord.ProgramFacts] {
        try index.read { try AuditEvidenceRows.programs(digests, in: $0) }
    }

    package func report(of audit: RecordedAudit) throws(StoreError) -> AuditRecord.Report {
        try index.read {
            try String.fetchOne($0, sql: "SELECT report FROM audit WHERE id = ?", arguments: [audit.id])
                .map(AuditDocument.init) ?? .empty
        }
    }

    /// Keeps audits that were made again: new records where the result changed, and for the others up to which event
    /// they hold, in one transaction.
    package func recordAgain(
        _ changed: [AuditRecord],
        unchanged: [RecordedAudit],
        event: Int64
    ) throws(StoreError) {
        let (time, actor) = (now, options.actor)
        try index.write { db in
            let again = try db.cachedStatement(sql: "UPDATE audit SET again_at = ?, again_event = ? WHERE id = ?")
            for audit in unchanged { try again.execute(arguments: [time.milliseconds, event, audit.id]) }
            for record in changed { try AuditRows.insert(record, at: time, by: actor, in: db) }
        }
    }
}
