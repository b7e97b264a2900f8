import ContentAddress
import GRDB
import OCI

/// The table of tokens.
enum TokenRows {
    /// `hash` is the SHA-256 of the token's text: 256 random bits need no slower one.
    static let table = """
        CREATE TABLE token (
            hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
            name TEXT NOT NULL UNIQUE,
            scopes TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            created_by TEXT NOT NULL,
            expires_at INTEGER
        ) STRICT, WITHOUT ROWID;
        """

    static func insert(_ token: StoredToken, hash: Digest, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO token (hash, name, scopes, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                hash.column, token.name, try JSONColumn.encode(token.scopes), token.createdAt.milliseconds,
                token.createdBy, token.expiresAt?.milliseconds,
            ]
        )
        var more: [String: JSONValue] = [
            "token": .string(token.name), "scopes": .array(token.scopes.map { .string($0) }),
        ]
        if let end = token.expiresAt { more["until"] = .string(end.rfc3339) }
        try EventRows.append(.token, digest: nil, at: token.createdAt, by: token.createdBy, more: more, in: db)
    }

    static func exists(_ name: String, in db: Database) throws -> Bool {
        try Row.fetchOne(db, sql: "SELECT 1 FROM token WHERE name = ?", arguments: [name]) != nil
    }

    static func remove(_ name: String, at time: Timestamp, by actor: String, in db: Database) throws -> Bool {
        try db.execute(sql: "DELETE FROM token WHERE name = ?", arguments: [name])
        guard db.changesCount > 0 else { return false }
        let more: [String: JSONValue] = ["token": .string(name), "removed": .bool(true)]
        try EventRows.append(.token, digest: nil, at: time, by: actor, more: more, in: db)
        return true
    }

    static func token(_ hash: Digest, in db: Database) throws -> StoredToken? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM token WHERE hash = ?")
        return try Row.fetchOne(statement, arguments: [hash.column]).map(stored)
    }

    static func all(in db: Database) throws -> [StoredToken] {
        try Row.fetchAll(db, sql: "SELECT * FROM token ORDER BY name").map(stored)
    }

    private static func stored(_ row: Row) throws -> StoredToken {
        StoredToken(
            name: row["name"],
            scopes: try JSONColumn.decode(row["scopes"]),
            createdAt: Timestamp(milliseconds: row["created_at"]),
            createdBy: row["created_by"],
            expiresAt: (row["expires_at"] as Int64?).map { Timestamp(milliseconds: $0) }
        )
    }
}
