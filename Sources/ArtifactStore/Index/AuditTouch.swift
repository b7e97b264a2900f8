import ContentAddress
import Foundation
import GRDB
import OCI

/// Which audited images a change of the store may concern.
///
/// A release's change concerns an image that holds a file of its name, effective or hidden, that has a program named
/// like it, or one that shares code, build-id, Go package or content with it. A revoked digest concerns those that hold
/// it or are it. All others are evaluated as before.
struct AuditTouch {
    private(set) var lastOfName: [String: Int64] = [:]
    private(set) var lastOfManifest: [Int64: Int64] = [:]

    /// Looks at all events after a place.
    init(after sequence: Int64, in db: Database) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT sequence, json_extract(body, '$.name') AS name FROM event
                WHERE sequence > ? AND json_extract(body, '$.name') IS NOT NULL ORDER BY sequence
                """,
            arguments: [sequence]
        )
        while let row = try rows.next() { lastOfName[row["name"]] = row["sequence"] }
        for (name, last) in lastOfName { try concern(name, last, in: db) }
        let revoked = try Row.fetchAll(
            db,
            sql: """
                SELECT sequence, json_extract(body, '$.digest') AS digest FROM event
                WHERE sequence > ? AND json_extract(body, '$.what') = ? AND json_extract(body, '$.name') IS NULL
                """,
            arguments: [sequence, Event.Kind.revoke.rawValue]
        )
        for row in revoked {
            let digest = try Digest(parsing: row["digest"] as String)
            try concern(try AuditNearRows.contents(like: digest, in: db), row["sequence"], in: db)
            try concern(image: digest, row["sequence"], in: db)
        }
    }

    private mutating func concern(image digest: Digest, _ last: Int64, in db: Database) throws {
        let manifests = try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM audit_manifest WHERE digest = :digest
                UNION SELECT manifest FROM audit_part JOIN audit ON audit.id = audit_part.audit WHERE image = :digest
                """,
            arguments: ["digest": digest.column]
        )
        for manifest in manifests { lastOfManifest[manifest] = max(lastOfManifest[manifest] ?? 0, last) }
    }

    private mutating func concern(_ name: String, _ last: Int64, in db: Database) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT digest, file_name FROM artifact WHERE name = ?
                UNION SELECT DISTINCT digest, NULL FROM tombstone WHERE name = ?
                """,
            arguments: [name, name]
        )
        var digests: Set<Digest> = []
        var names: Set<String> = [try RepositoryName(parsing: name).lastComponent]
        for row in rows {
            digests.insert(try row.digest("digest"))
            if let fileName: String = row["file_name"] { names.insert(fileName) }
        }
        var contents: Set<Int64> = []
        for digest in digests { contents.formUnion(try AuditNearRows.contents(like: digest, in: db)) }
        let named = try db.cachedStatement(sql: "SELECT content FROM audit_name WHERE name = ?")
        for name in names {
            contents.formUnion(try Int64.fetchAll(named, arguments: [Data(name.utf8)]))
        }
        try concern(contents, last, in: db)
    }

    private mutating func concern(_ contents: Set<Int64>, _ last: Int64, in db: Database) throws {
        let holding = try db.cachedStatement(
            sql: """
                SELECT DISTINCT manifest FROM audit_file WHERE content = ?
                UNION SELECT DISTINCT manifest FROM audit_hidden WHERE content = ?
                """
        )
        for content in contents {
            for manifest in try Int64.fetchAll(holding, arguments: [content, content]) {
                lastOfManifest[manifest] = max(lastOfManifest[manifest] ?? 0, last)
            }
        }
    }
}
