import ContentAddress
import Foundation
import GRDB
import OCI
import Release

/// The tables of artifacts and tombstones.
enum ArtifactRows {
    private static let columns = """
        artifact.name, artifact.version, artifact.platform, artifact.digest, blob.size, artifact.file_name, artifact.mode,
        artifact.put_at, artifact.put_by, artifact.annotations
        """
    private static let select = "SELECT \(columns) FROM artifact JOIN blob ON blob.digest = artifact.digest"

    static func find(_ key: ArtifactKey, in db: Database) throws -> Artifact? {
        try fetch(
            where: "artifact.name = ? AND artifact.version = ? AND artifact.platform = ?",
            [key.name.text, key.version.text, key.platform.description],
            in: db
        ).first
    }

    /// Whether a key is taken: a tenth of the work of ``find(_:in:)``, which few puts of many files need.
    static func isReleased(_ key: ArtifactKey, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM artifact WHERE name = ? AND version = ? AND platform = ?"
        )
        let arguments: StatementArguments = [key.name.text, key.version.text, key.platform.description]
        return try Int.fetchOne(statement, arguments: arguments) != nil
    }

    /// Whether anything was ever removed.
    static func hasTombstones(in db: Database) throws -> Bool {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT 1 FROM tombstone LIMIT 1")) != nil
    }

    static func list(_ release: ReleaseKey, in db: Database) throws -> [Artifact] {
        try fetch(
            where: "artifact.name = ? AND artifact.version = ? ORDER BY artifact.platform",
            [release.name.text, release.version.text],
            in: db
        )
    }

    static func list(_ name: RepositoryName, in db: Database) throws -> [Artifact] {
        try fetch(where: "artifact.name = ?", [name.text], in: db)
    }

    /// The first name that artifacts have after another one, by its bytes; the first of all for nil.
    static func name(after other: RepositoryName?, in db: Database) throws -> RepositoryName? {
        let sql = "SELECT name FROM artifact WHERE name > ? ORDER BY name LIMIT 1"
        return try String.fetchOne(db.cachedStatement(sql: sql), arguments: [other?.text ?? ""])
            .map { try RepositoryName(parsing: $0) }
    }

    static func list(with digest: Digest, in db: Database) throws -> [Artifact] {
        try fetch(
            where: "artifact.digest = ? ORDER BY artifact.name, artifact.put_at, artifact.platform",
            [digest.column],
            in: db
        )
    }

    static func all(in db: Database) throws -> [Artifact] {
        try fetch(where: "true", [], in: db)
    }

    static func insert(_ artifact: Artifact, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO artifact (name, version, platform, digest, file_name, mode, put_at, put_by, annotations)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                artifact.key.name.text, artifact.key.version.text, artifact.key.platform.description,
                artifact.digest.column, artifact.fileName, artifact.mode, artifact.putAt.milliseconds, artifact.putBy,
                try JSONColumn.encode(artifact.annotations),
            ]
        )
    }

    static func remove(_ artifact: Artifact, leaving tombstone: Tombstone, in db: Database) throws {
        let key = [artifact.key.name.text, artifact.key.version.text, artifact.key.platform.description]
        try db.execute(
            sql: "DELETE FROM artifact WHERE name = ? AND version = ? AND platform = ?",
            arguments: StatementArguments(key)
        )
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO tombstone (name, version, platform, digest, removed_at, removed_by, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: StatementArguments(key) + [
                tombstone.digest.column, tombstone.removedAt.milliseconds, tombstone.removedBy, tombstone.reason,
            ]
        )
    }

    static func tombstone(_ key: ArtifactKey, in db: Database) throws -> Tombstone? {
        try tombstones(key.release, in: db).first { $0.key == key }
    }

    static func tombstones(_ release: ReleaseKey, in db: Database) throws -> [Tombstone] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT platform, digest, removed_at, removed_by, reason FROM tombstone
                WHERE name = ? AND version = ? ORDER BY platform
                """
        )
        return try Row.fetchAll(statement, arguments: [release.name.text, release.version.text]).map { row in
            Tombstone(
                key: ArtifactKey(
                    name: release.name,
                    version: release.version,
                    platform: try ArtifactPlatform(parsing: row["platform"] as String)
                ),
                digest: try row.digest("digest"),
                removedAt: Timestamp(milliseconds: row["removed_at"]),
                removedBy: row["removed_by"],
                reason: row["reason"]
            )
        }
    }

    private static func fetch(
        where condition: String,
        _ arguments: StatementArguments,
        in db: Database
    ) throws -> [Artifact] {
        let statement = try db.cachedStatement(sql: "\(select) WHERE \(condition)")
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            Artifact(
                key: ArtifactKey(
                    name: try RepositoryName(parsing: row["name"] as String),
                    version: try Version(parsing: row["version"] as String),
                    platform: try ArtifactPlatform(parsing: row["platform"] as String)
                ),
                digest: try row.digest("digest"),
                size: row["size"],
                fileName: row["file_name"],
                mode: row["mode"],
                putAt: Timestamp(milliseconds: row["put_at"]),
                putBy: row["put_by"],
                annotations: try JSONColumn.decode(row["annotations"])
            )
        }
    }
}
