import ContentAddress
import Foundation
import GRDB
import OCI

/// Rows of audits, written and read.
enum AuditRows {
    static func insert(_ record: AuditRecord, at time: Timestamp, by actor: String, in db: Database) throws {
        try EventRows.append(
            .audit,
            digest: record.image,
            at: time,
            by: actor,
            more: more(record),
            in: db
        )
        try db.cachedStatement(
            sql: """
                INSERT INTO audit (image, reference, verdict, report, audited_at, audited_by, event, basis, rules)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                record.image.column, record.reference, record.verdict, record.report.column, time.milliseconds, actor,
                try record.event ?? EventRows.last(in: db), record.basis.column, record.rules,
            ]
        )
        let audit = db.lastInsertedRowID
        for manifest in record.manifests {
            let id = try id(of: manifest, in: db)
            try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO audit_part (manifest, audit, verdict) VALUES (?, ?, ?)"
            ).execute(arguments: [id, audit, manifest.verdict])
            if !record.isAgain { try AuditEvidenceRows.insert(manifest, id: id, in: db) }
        }
    }

    private static func more(_ record: AuditRecord) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "reference": .string(record.reference), "verdict": record.verdict.map { .string($0) } ?? .null,
        ]
        if record.isAgain { members["again"] = .bool(true) }
        return members
    }

    private static func id(of manifest: AuditRecord.Manifest, in db: Database) throws -> Int64 {
        let known = try Int64.fetchOne(
            db,
            sql: "SELECT id FROM audit_manifest WHERE digest = ?",
            arguments: [manifest.digest.column]
        )
        if let known { return known }
        try db.execute(
            sql: "INSERT INTO audit_manifest (digest, config, platform) VALUES (?, ?, ?)",
            arguments: [manifest.digest.column, manifest.config.column, manifest.platform]
        )
        return db.lastInsertedRowID
    }

    /// Whether any audited image had a file with these bytes.
    static func hasSeen(_ digest: Digest, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM audit_content JOIN audit_file ON audit_file.content = audit_content.id
                WHERE audit_content.digest = ?)
                """
        )
        return try Bool.fetchOne(statement, arguments: [digest.column]) ?? false
    }

    static func occurrences(of digest: Digest, in db: Database) throws -> [AuditOccurrence] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT audit_file.path, audit_file.size, audit_file.mode, audit_file.layer,
                    audit_manifest.id AS manifest_id, audit_manifest.digest AS manifest, audit_manifest.platform
                FROM audit_content
                JOIN audit_file ON audit_file.content = audit_content.id
                JOIN audit_manifest ON audit_manifest.id = audit_file.manifest
                WHERE audit_content.digest = ?
                """
        )
        var audits: [Int64: [LatestAudit]] = [:]
        return try Row.fetchAll(statement, arguments: [digest.column]).flatMap { row -> [AuditOccurrence] in
            let id: Int64 = row["manifest_id"]
            let latest = try audits[id] ?? latestAudits(of: id, in: db)
            audits[id] = latest
            let path: Data = row["path"]
            let manifest = try row.digest("manifest")
            return latest.map { audit in
                AuditOccurrence(
                    image: audit.image,
                    references: audit.references,
                    manifest: manifest,
                    platform: row["platform"],
                    verdict: audit.verdict,
                    auditedAt: audit.auditedAt,
                    path: Array(path),
                    digest: digest,
                    size: row["size"],
                    mode: row["mode"],
                    layer: row["layer"]
                )
            }
        }
    }

    /// The latest audit of an image, as far as one of its manifests is concerned.
    struct LatestAudit {
        let image: Digest
        /// The references under which it was audited, the latest first.
        var references: [String]
        let verdict: String?
        let auditedAt: Timestamp
    }

    /// The latest audit of each image that a manifest is a part of, the latest first.
    static func latestAudits(of manifest: Int64, in db: Database) throws -> [LatestAudit] {
        // SQLite gives the other columns of the row that has the maximum.
        let statement = try db.cachedStatement(
            sql: """
                SELECT audit.image, audit.reference, audit_part.verdict, audit.audited_at, max(audit.id) AS latest
                FROM audit_part JOIN audit ON audit.id = audit_part.audit
                WHERE audit_part.manifest = ? GROUP BY audit.image, audit.reference ORDER BY latest DESC
                """
        )
        var audits: [LatestAudit] = []
        var places: [Digest: Int] = [:]
        for row in try Row.fetchAll(statement, arguments: [manifest]) {
            let image = try row.digest("image")
            let reference: String = row["reference"]
            if let place = places[image] {
                audits[place].references.append(reference)
            } else {
                places[image] = audits.count
                audits.append(
                    LatestAudit(
                        image: image,
                        references: [reference],
                        verdict: row["verdict"],
                        auditedAt: Timestamp(milliseconds: row["audited_at"])
                    )
                )
            }
        }
        return audits
    }

    /// The images of the store that were audited neither by themselves nor as a part of another one.
    static func unaudited(in db: Database) throws -> [(digest: Digest, mediaType: String)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT digest, media_type FROM image WHERE digest NOT IN (SELECT image FROM audit)
                    AND digest NOT IN (SELECT digest FROM audit_manifest)
                """
        ).map { (try $0.digest("digest"), $0["media_type"]) }
    }

    static func imageCount(in db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(DISTINCT image) FROM audit") ?? 0
    }
}
