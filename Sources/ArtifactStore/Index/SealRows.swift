import ContentAddress
import GRDB
import OCI
import Release

/// The tables of sealed releases and of the files that they have.
enum SealRows {
    static func insert(_ seal: SealedRelease, _ artifacts: [Artifact], in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO sealed_release (name, version, digest, sealed_at, sealed_by) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                seal.key.name.text, seal.key.version.text, seal.digest.column, seal.sealedAt.milliseconds,
                seal.sealedBy,
            ]
        )
        for artifact in artifacts {
            try db.cachedStatement(
                sql: """
                    INSERT INTO sealed_file (name, version, platform, file, digest, file_name, mode, annotations)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: try columns(of: artifact))
        }
    }

    static func find(_ release: ReleaseKey, in db: Database) throws -> SealedRelease? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM sealed_release WHERE name = ? AND version = ?")
        return try Row.fetchOne(statement, arguments: [release.name.text, release.version.text]).map(seal)
    }

    static func list(of name: RepositoryName?, in db: Database) throws -> [SealedRelease] {
        let sql = "SELECT * FROM sealed_release WHERE ?1 IS NULL OR name = ?1 ORDER BY name, sealed_at, version"
        return try Row.fetchAll(db, sql: sql, arguments: [name?.text]).map(seal)
    }

    /// Whether a file stands in the release as it was sealed: bytes, mode, file name and annotations.
    static func has(_ artifact: Artifact, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT 1 FROM sealed_file WHERE name = ? AND version = ? AND platform = ? AND file = ? AND digest = ?
                    AND file_name = ? AND mode = ? AND annotations = ?
                """
        )
        return try Int.fetchOne(statement, arguments: try columns(of: artifact)) != nil
    }

    /// Whether anything was ever sealed.
    static func hasAny(in db: Database) throws -> Bool {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT 1 FROM sealed_release LIMIT 1")) != nil
    }

    private static func columns(of artifact: Artifact) throws -> StatementArguments {
        [
            artifact.key.name.text, artifact.key.version.text, artifact.key.platform.description,
            artifact.key.file.text, artifact.digest.column, artifact.fileName, artifact.mode,
            try JSONColumn.encode(artifact.annotations),
        ]
    }

    private static func seal(_ row: Row) throws -> SealedRelease {
        SealedRelease(
            key: ReleaseKey(
                name: try RepositoryName(parsing: row["name"] as String),
                version: try Version(parsing: row["version"] as String)
            ),
            digest: try row.digest("digest"),
            sealedAt: Timestamp(milliseconds: row["sealed_at"]),
            sealedBy: row["sealed_by"]
        )
    }
}
