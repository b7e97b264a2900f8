import ContentAddress
import Foundation
import GRDB

/// Rows of what an audit must know to be made again, written and read.
enum AuditEvidenceRows {
    /// Keeps the files of a manifest and what else is known of it.
    ///
    /// They are a function of the manifest's digest and of the rules by which it was read: what an audit of the same
    /// rules read is there already. Where a limit ended one of them, or the rules are others, the later reading counts.
    static func insert(_ manifest: AuditRecord.Manifest, id: Int64, in db: Database) throws {
        let known = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT facts, rules FROM audit_facts WHERE manifest = ?"),
            arguments: [id]
        )
        if known?["facts"] != manifest.facts.column || known?["rules"] != manifest.rules {
            try removeFiles(of: id, in: db)
            try insertFiles(manifest, id: id, in: db)
        }
        for program in manifest.programs { try insert(program, in: db) }
    }

    private static func removeFiles(of manifest: Int64, in db: Database) throws {
        for table in ["audit_file", "audit_hidden", "audit_facts"] {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE manifest = ?").execute(arguments: [manifest])
        }
    }

    private static func insertFiles(_ manifest: AuditRecord.Manifest, id: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO audit_facts (manifest, diff_ids, facts, rules) VALUES (?, ?, ?, ?)")
            .execute(arguments: [id, Data(manifest.diffIDs.flatMap(\.bytes)), manifest.facts.column, manifest.rules])
        let content = try db.cachedStatement(sql: "INSERT OR IGNORE INTO audit_content (digest) VALUES (?)")
        let file = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO audit_file (content, manifest, path, size, mode, layer)
                SELECT id, ?, ?, ?, ?, ? FROM audit_content WHERE digest = ?
                """
        )
        let name = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO audit_name (name, content) SELECT ?, id FROM audit_content WHERE digest = ?"
        )
        // Files come in the order of their directories: where one of a base is known, the next one mostly is, too.
        var isKnown = true
        for item in manifest.files {
            let digest = item.digest.column
            let row: StatementArguments = [id, Data(item.path), item.size, Int64(item.mode), item.layer, digest]
            if isKnown {
                try file.execute(arguments: row)
                isKnown = db.changesCount > 0
            }
            if !isKnown {
                try content.execute(arguments: [digest])
                isKnown = db.changesCount == 0
                try file.execute(arguments: row)
            }
            for own in item.programNames { try name.execute(arguments: [Data(own), digest]) }
        }
        let hidden = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO audit_hidden (content, manifest, number, path, layer, hidden_by)
                SELECT id, ?, ?, ?, ?, ? FROM audit_content WHERE digest = ?
                """
        )
        for (number, item) in manifest.hidden.enumerated() {
            try content.execute(arguments: [item.digest.column])
            try hidden.execute(
                arguments: [id, number, Data(item.path), item.layer, item.hiddenBy, item.digest.column]
            )
        }
    }

    private static func insert(_ program: AuditRecord.Program, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO audit_program (content, build_id, text_digest, go_package, facts)
                SELECT id, ?, ?, ?, ? FROM audit_content WHERE digest = ?
                """
        ).execute(
            arguments: [
                program.buildID.map { Data($0) }, program.textDigest?.column, program.goPackage, program.facts.column,
                program.digest.column,
            ]
        )
        let similar = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO audit_likeness (artifact, content, thousandths)
                SELECT ?, id, ? FROM audit_content WHERE digest = ?
                """
        )
        for item in program.similar {
            try similar.execute(arguments: [item.artifact.column, item.thousandths, program.digest.column])
        }
    }

    /// A manifest as it was recorded; nil when an earlier version recorded too little of it.
    static func manifest(_ digest: Digest, in db: Database) throws -> AuditRecord.Manifest? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT audit_manifest.id, config, platform, diff_ids, facts, rules
                    FROM audit_manifest JOIN audit_facts ON audit_facts.manifest = audit_manifest.id WHERE digest = ?
                    """
            ),
            arguments: [digest.column]
        )
        guard let row else { return nil }
        let id: Int64 = row["id"]
        var manifest = AuditRecord.Manifest(
            digest: digest,
            config: try row.digest("config"),
            platform: row["platform"],
            verdict: nil,
            files: try files(of: id, in: db),
            hidden: try hidden(of: id, in: db),
            diffIDs: try digests(row["diff_ids"]),
            facts: AuditDocument(column: row["facts"])
        )
        manifest.rules = row["rules"]
        return manifest
    }

    private static func files(of manifest: Int64, in db: Database) throws -> [AuditRecord.File] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT digest, path, size, mode, layer FROM audit_file
                JOIN audit_content ON audit_content.id = audit_file.content WHERE manifest = ?
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [manifest])
        var files: [AuditRecord.File] = []
        while let row = try rows.next() {
            let path: Data = row[1]
            files.append(
                AuditRecord.File(
                    path: Array(path),
                    digest: try row.digest("digest"),
                    size: row[2],
                    mode: row[3],
                    layer: row[4]
                )
            )
        }
        return files
    }

    private static func hidden(of manifest: Int64, in db: Database) throws -> [AuditRecord.Hidden] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT digest, path, layer, hidden_by FROM audit_hidden
                JOIN audit_content ON audit_content.id = audit_hidden.content WHERE manifest = ? ORDER BY number
                """
        )
        return try Row.fetchAll(statement, arguments: [manifest]).map { row in
            let path: Data = row["path"]
            return AuditRecord.Hidden(
                path: Array(path),
                digest: try row.digest("digest"),
                layer: row["layer"],
                hiddenBy: row["hidden_by"]
            )
        }
    }

    static func digests(_ column: Data) throws -> [Digest] {
        try stride(from: 0, to: column.count, by: Digest.byteCount).map { start in
            try Digest(bytes: column.dropFirst(start).prefix(Digest.byteCount))
        }
    }

    /// What was recorded of programs, by their digests.
    static func programs(_ digests: Set<Digest>, in db: Database) throws -> [Digest: AuditRecord.ProgramFacts] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT facts FROM audit_content JOIN audit_program ON audit_program.content = audit_content.id
                WHERE digest = ?
                """
        )
        var found: [Digest: AuditRecord.ProgramFacts] = [:]
        for digest in digests {
            if let facts = try String.fetchOne(statement, arguments: [digest.column]) {
                found[digest] = AuditDocument(column: facts)
            }
        }
        return found
    }
}
