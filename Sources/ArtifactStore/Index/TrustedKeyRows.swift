import ContentAddress
import Foundation
import GRDB
import OCI

/// The table of trusted keys.
enum TrustedKeyRows {
    static func insert(_ key: TrustedKey, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO trusted_key (identifier, name, role, public_key, scope, valid_from, valid_until, trusted_at,
                    trusted_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key.identifier.column, key.name, key.role, Data(key.encoded),
                try JSONColumn.encode(key.scope), key.validFrom?.milliseconds, key.validUntil?.milliseconds,
                key.trustedAt.milliseconds, key.trustedBy,
            ]
        )
    }

    static func revoke(_ identifier: Digest, _ revocation: TrustedKey.Revocation, in db: Database) throws {
        try db.execute(
            sql: "UPDATE trusted_key SET revoked_at = ?, revoked_reason = ? WHERE identifier = ?",
            arguments: [revocation.at.milliseconds, revocation.reason, identifier.column]
        )
    }

    static func all(in db: Database) throws -> [TrustedKey] {
        try Row.fetchAll(db, sql: "SELECT * FROM trusted_key ORDER BY name").map { row in
            let encoded: Data = row["public_key"]
            let revokedAt: Int64? = row["revoked_at"]
            return TrustedKey(
                identifier: try row.digest("identifier"),
                name: row["name"],
                role: row["role"],
                encoded: Array(encoded),
                scope: try JSONColumn.decode(row["scope"]),
                validFrom: (row["valid_from"] as Int64?).map { Timestamp(milliseconds: $0) },
                validUntil: (row["valid_until"] as Int64?).map { Timestamp(milliseconds: $0) },
                trustedAt: Timestamp(milliseconds: row["trusted_at"]),
                trustedBy: row["trusted_by"],
                revocation: revokedAt.map {
                    TrustedKey.Revocation(at: Timestamp(milliseconds: $0), reason: row["revoked_reason"] ?? "")
                }
            )
        }
    }
}
