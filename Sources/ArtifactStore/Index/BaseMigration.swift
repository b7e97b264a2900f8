import ContentAddress
import Foundation
import GRDB
import OCI

/// Marks the bases of a store of before bases were marked.
///
/// Then every image without a released file of ours was one. Those stay that recorded audits had as their base, unless
/// their layers hold something that is released: such an image may have been imported to be looked at.
enum BaseMigration {
    static let reason = "recorded audits had it as their base"

    private struct Found {
        let diffIDs: [Digest]
        var manifests: [Digest] = []
    }

    static func mark(at time: () -> Timestamp, by actor: () -> String, in db: Database) throws {
        for mark in try marks(in: db) { try BaseRows.insert(mark, at: time(), by: actor(), in: db) }
    }

    /// The marks that it makes, in the order of manifests.
    static func marks(in db: Database) throws -> [BaseMark] {
        try recorded(in: db).sorted { $0.key < $1.key }.flatMap { manifest, found -> [BaseMark] in
            guard try !holdsReleases(manifest, found, in: db) else { return [] }
            return try images(with: manifest, in: db).map { image in
                BaseMark(image: image, manifest: manifest, diffIDs: found.diffIDs, reason: reason)
            }
        }
    }

    // Each manifest that was found below others, and those. What was its own base, or all of an image, isn't one.
    private static func recorded(in db: Database) throws -> [Digest: Found] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT DISTINCT json_extract(image.value, '$.base.digest') AS base,
                    json_extract(image.value, '$.base.diffIDs') AS layers, json_extract(image.value, '$.manifest') AS own
                FROM audit, json_each(audit.basis, '$.images') AS image
                WHERE json_valid(audit.basis) AND base IS NOT NULL AND own IS NOT NULL
                """
        )
        var all: [Digest: Found] = [:]
        while let row = try rows.next() {
            guard let base = digest(row["base"]), let own = digest(row["own"]), base != own,
                let layers = try? JSONDecoder().decode([Digest].self, from: Data((row["layers"] ?? "").utf8)),
                !layers.isEmpty, try layerCount(of: own, in: db) > layers.count
            else { continue }
            all[base, default: Found(diffIDs: layers)].manifests.append(own)
        }
        return all
    }

    private static func digest(_ text: String?) -> Digest? { text.flatMap { try? Digest(parsing: $0) } }

    private static func layerCount(of manifest: Digest, in db: Database) throws -> Int {
        let sql = """
            SELECT length(diff_ids) / 32 FROM audit_facts JOIN audit_manifest ON audit_manifest.id = audit_facts.manifest
            WHERE digest = ?
            """
        return try Int.fetchOne(db.cachedStatement(sql: sql), arguments: [manifest.column]) ?? 0
    }

    private static func holdsReleases(_ base: Digest, _ found: Found, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT EXISTS (
                    SELECT 1 FROM audit_manifest JOIN audit_file ON audit_file.manifest = audit_manifest.id
                    JOIN audit_content ON audit_content.id = audit_file.content
                    JOIN artifact ON artifact.digest = audit_content.digest
                    WHERE audit_manifest.digest = :manifest AND audit_file.layer < :layers
                ) OR EXISTS (
                    SELECT 1 FROM audit_manifest JOIN audit_hidden ON audit_hidden.manifest = audit_manifest.id
                    JOIN audit_content ON audit_content.id = audit_hidden.content
                    JOIN artifact ON artifact.digest = audit_content.digest
                    WHERE audit_manifest.digest = :manifest AND audit_hidden.layer < :layers
                )
                """
        )
        return try (found.manifests + [base]).contains { manifest in
            try Bool.fetchOne(statement, arguments: ["manifest": manifest.column, "layers": found.diffIDs.count])
                ?? true
        }
    }

    private static func images(with manifest: Digest, in db: Database) throws -> [Digest] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT image FROM image_blob WHERE digest = ? AND image NOT IN (SELECT image FROM image_artifact)
                ORDER BY image
                """,
            arguments: [manifest.column]
        ).map { try $0.digest("image") }
    }
}
