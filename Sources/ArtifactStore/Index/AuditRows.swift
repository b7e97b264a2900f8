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
        var audits: [Int64: (latest: Row, references: [String])] = [:]
        return try Row.fetchAll(statement, arguments: [digest.column]).compactMap { row -> AuditOccurrence? in
            let id: Int64 = row["manifest_id"]
            if audits[id] == nil { audits[id] = try latestAudit(of: id, in: db) }
            guard let audit = audits[id] else { return nil }
            let path: Data = row["path"]
            return AuditOccurrence(
                image: try audit.latest.digest("image"),
                references: audit.references,
                manifest: try row.digest("manifest"),
                platform: row["platform"],
                verdict: audit.latest["verdict"],
                auditedAt: Timestamp(milliseconds: audit.latest["audited_at"]),
                path: Array(path),
                digest: digest,
                size: row["size"],
                mode: row["mode"],
                layer: row["layer"]
            )
        }
    }

    static func latestAudit(of manifest: Int64, in db: Database) throws -> (latest: Row, references: [String])? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT audit.image, audit.reference, audit_part.verdict, audit.audited_at
                FROM audit_part JOIN audit ON audit.id = audit_part.audit
                WHERE audit_part.manifest = ? ORDER BY audit.id DESC LIMIT 1000
                """
        )
        let rows = try Row.fetchAll(statement, arguments: [manifest])
        guard let latest = rows.first else { return nil }
        var seen: Set<String> = []
        let references = rows.map { $0["reference"] as String }.filter { seen.insert($0).inserted }
        return (latest, references)
    }

    /// The images of the store that were audited neither by themselves nor as a part of another one.
    static func unauditedCount(in db: Database) throws -> Int {
        try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM image WHERE digest NOT IN (SELECT image FROM audit)
                    AND digest NOT IN (SELECT digest FROM audit_manifest)
                """
        ) ?? 0
    }

    static func imageCount(in db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(DISTINCT image) FROM audit") ?? 0
    }
}
