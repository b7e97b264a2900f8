import ContentAddress
import Foundation
import GRDB
import OCI

/// The tables of signed statements.
enum AttestationRows {
    /// Adds a statement; nil when the same one by the same key is there.
    static func insert(
        _ attestation: NewAttestation,
        at time: Timestamp,
        by actor: String,
        in db: Database
    ) throws -> StoredAttestation? {
        let digest = Digest.of(attestation.bytes)
        try db.execute(
            sql: """
                INSERT INTO attestation (digest, predicate_type, key, payload, bundle, added_at, added_by)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
            arguments: [
                digest.column, attestation.predicateType, attestation.key.column, attestation.payload.column,
                Data(attestation.bytes), time.milliseconds, actor,
            ]
        )
        guard db.changesCount > 0 else { return nil }
        let identifier = db.lastInsertedRowID
        for subject in Set(attestation.subjects) {
            try db.cachedStatement(sql: "INSERT INTO attestation_subject (digest, attestation) VALUES (?, ?)")
                .execute(arguments: [subject.column, identifier])
        }
        return try list(where: "id = ?", [identifier], in: db).first
    }

    /// Whether the same statement by the same key is there.
    static func has(_ attestation: NewAttestation, in db: Database) throws -> Bool {
        let sql = "SELECT 1 FROM attestation WHERE payload = ? AND key = ?"
        return try Int.fetchOne(db, sql: sql, arguments: [attestation.payload.column, attestation.key.column]) != nil
    }

    static func list(about subject: Digest, in db: Database) throws -> [StoredAttestation] {
        try list(
            where: "id IN (SELECT attestation FROM attestation_subject WHERE digest = ?) ORDER BY id",
            [subject.column],
            in: db
        )
    }

    private static func list(
        where condition: String,
        _ arguments: StatementArguments,
        in db: Database
    ) throws -> [StoredAttestation] {
        try Row.fetchAll(db, sql: "SELECT * FROM attestation WHERE \(condition)", arguments: arguments).map { row in
            let subjects = try Row.fetchAll(
                db,
                sql: "SELECT digest FROM attestation_subject WHERE attestation = ? ORDER BY digest",
                arguments: [row["id"] as Int64]
            )
            let bytes: Data = row["bundle"]
            return StoredAttestation(
                digest: try row.digest("digest"),
                predicateType: row["predicate_type"],
                key: try row.digest("key"),
                payload: try row.digest("payload"),
                subjects: try subjects.map { try $0.digest("digest") },
                bytes: Array(bytes),
                addedAt: Timestamp(milliseconds: row["added_at"]),
                addedBy: row["added_by"]
            )
        }
    }
}
