import ContentAddress
import Foundation
import GRDB
import OCI

/// What events name by its digest and only the index has: long bodies, signed statements, marks and checkpoints.
enum LogValues {
    /// Those of one event's body.
    static func values(of body: String, in db: Database) throws -> [[UInt8]] {
        let leaf = LogRows.leaf(body)
        let long = leaf.count < body.utf8.count ? [Array(body.utf8)] : []
        // No member stands behind this one in canonical JSON.
        guard kinds.contains(where: { body.hasSuffix("\"what\":\"\($0.rawValue)\"}") }) else { return long }
        let event = Event(sequence: 0, body: try JSONColumn.decode(body))
        guard let kind = event["what"].flatMap(Event.Kind.init), kinds.contains(kind) else { return long }
        return try long + (value(of: event, kind, in: db).map { [Array($0)] } ?? [])
    }

    private static let kinds: [Event.Kind] = [.attest, .provenance, .revoke, .checkpoint]

    private static func value(of event: Event, _ kind: Event.Kind, in db: Database) throws -> Data? {
        func digest(_ member: String) -> Digest? { event[member].flatMap { try? Digest(parsing: $0) } }
        switch kind {
        case .attest:
            let sql = "SELECT bundle FROM attestation WHERE digest = ?"
            return try Data.fetchOne(db, sql: sql, arguments: [digest("digest")?.column])
        case .provenance:
            let sql = "SELECT document FROM provenance WHERE digest = ?"
            return try Data.fetchOne(db, sql: sql, arguments: [digest("digest")?.column])
        case .revoke:
            guard let statement = digest("statement") else { return nil }
            let sql = "SELECT statement FROM revocation WHERE key = ? ORDER BY id DESC"
            return try Data.fetchAll(db, sql: sql, arguments: [digest("key")?.column])
                .first { Digest.of(Array($0)) == statement }
        case .checkpoint:
            let sql = "SELECT note FROM seen_checkpoint WHERE origin = ? AND size = ?"
            return try Data.fetchOne(db, sql: sql, arguments: [event["origin"], event["size"].flatMap { Int64($0) }])
        default: return nil
        }
    }
}
