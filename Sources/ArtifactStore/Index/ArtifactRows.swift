import ContentAddress
import Foundation
import GRDB
import OCI
import Release

/// The tables of artifacts, those of drafts too, and of tombstones.
enum ArtifactRows {
    /// Where artifacts are: in releases, or in drafts, which nothing else asks for.
    enum Table: String {
        case artifact
        case draft
    }

    private static let columns = """
        artifact.name, artifact.version, artifact.platform, artifact.file, artifact.digest, blob.size,
        artifact.file_name, artifact.mode, artifact.put_at, artifact.put_by, artifact.annotations
        """

    static func find(_ key: ArtifactKey, of table: Table = .artifact, in db: Database) throws -> Artifact? {
        try fetch(
            of: table,
            where: "artifact.name = ? AND artifact.version = ? AND artifact.platform = ? AND artifact.file = ?",
            arguments(key),
            in: db
        ).first
    }

    /// Whether a key is taken: a tenth of the work of ``find(_:in:)``, which few puts of many files need.
    static func isReleased(_ key: ArtifactKey, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM artifact WHERE \(isKey)")
        return try Int.fetchOne(statement, arguments: arguments(key)) != nil
    }

    /// The released files of which nothing was read yet, or by an earlier reader of archives, each digest once with one of
    /// its names.
    static func unread(in db: Database) throws -> [UnreadFile] {
        let sql = """
            SELECT digest, min(file_name) AS file_name FROM artifact
            WHERE NOT EXISTS (SELECT 1 FROM elf WHERE elf.digest = artifact.digest)
                AND NOT EXISTS (SELECT 1 FROM foreign_program WHERE foreign_program.digest = artifact.digest)
                AND NOT EXISTS (
                    SELECT 1 FROM archive WHERE archive.digest = artifact.digest AND \(ArchiveRows.isCurrent))
            GROUP BY digest ORDER BY digest
            """
        return try Row.fetchAll(db, sql: sql).map { .init(digest: try $0.digest("digest"), name: $0["file_name"]) }
    }

    /// Whether anything was ever removed.
    static func hasTombstones(in db: Database) throws -> Bool {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT 1 FROM tombstone LIMIT 1")) != nil
    }

    private static let isKey = "name = ? AND version = ? AND platform = ? AND file = ?"

    private static func arguments(_ key: ArtifactKey) -> StatementArguments {
        [key.name.text, key.version.text, key.platform.description, key.file.text]
    }

    /// Replaces the annotations of an artifact.
    static func amend(_ artifact: Artifact, in db: Database) throws {
        try db.execute(
            sql: "UPDATE artifact SET annotations = ? WHERE \(isKey)",
            arguments: [try JSONColumn.encode(artifact.annotations)] + arguments(artifact.key)
        )
    }

    static func list(_ release: ReleaseKey, of table: Table = .artifact, in db: Database) throws -> [Artifact] {
        try fetch(
            of: table,
            where: "artifact.name = ? AND artifact.version = ? ORDER BY artifact.platform, artifact.file",
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

    /// The names of all releases.
    static func names(in db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT DISTINCT name FROM artifact ORDER BY name")
    }

    /// The releases of which anything was removed.
    static func removedReleases(in db: Database) throws -> [ReleaseKey] {
        try Row.fetchAll(db, sql: "SELECT DISTINCT name, version FROM tombstone ORDER BY name, version").map { row in
            ReleaseKey(
                name: try RepositoryName(parsing: row["name"] as String),
                version: try Version(parsing: row["version"] as String)
            )
        }
    }

    static func list(with digest: Digest, in db: Database) throws -> [Artifact] {
        try fetch(
            where: "artifact.digest = ? ORDER BY artifact.name, artifact.put_at, artifact.platform, artifact.file",
            [digest.column],
            in: db
        )
    }

    static func all(of table: Table = .artifact, in db: Database) throws -> [Artifact] {
        try fetch(of: table, where: "true", [], in: db)
    }

    static func insert(_ artifact: Artifact, into table: Table = .artifact, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO \(table) (name, version, platform, file, digest, file_name, mode, put_at, put_by, annotations)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: arguments(artifact.key) + [
                artifact.digest.column, artifact.fileName, artifact.mode, artifact.putAt.milliseconds, artifact.putBy,
                try JSONColumn.encode(artifact.annotations),
            ]
        )
        if table == .artifact, !artifact.key.isProgram { try Schema.requireReader(9, in: db) }
    }

    /// Takes a file out of a draft, which leaves no tombstone.
    static func removeDraft(_ key: ArtifactKey, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM draft WHERE \(isKey)").execute(arguments: arguments(key))
    }

    /// Whether there is a draft of a release.
    static func hasDraft(_ release: ReleaseKey, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM draft WHERE name = ? AND version = ? LIMIT 1")
        return try Int.fetchOne(statement, arguments: [release.name.text, release.version.text]) != nil
    }

    static func delete(_ key: ArtifactKey, in db: Database) throws {
        try db.execute(sql: "DELETE FROM artifact WHERE \(isKey)", arguments: arguments(key))
    }

    static func remove(_ artifact: Artifact, leaving tombstone: Tombstone, in db: Database) throws {
        try delete(artifact.key, in: db)
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO tombstone
                    (name, version, platform, file, digest, removed_at, removed_by, reason, harmless)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: arguments(artifact.key) + [
                tombstone.digest.column, tombstone.removedAt.milliseconds, tombstone.removedBy, tombstone.reason,
                tombstone.isHarmless,
            ]
        )
    }

    static func tombstone(_ key: ArtifactKey, in db: Database) throws -> Tombstone? {
        try tombstones(key.release, in: db).first { $0.key == key }
    }

    static func tombstones(_ release: ReleaseKey, in db: Database) throws -> [Tombstone] {
        try tombstones(
            where: "name = ? AND version = ? ORDER BY platform, file",
            [release.name.text, release.version.text],
            in: db
        )
    }

    static func tombstones(with digest: Digest, in db: Database) throws -> [Tombstone] {
        try tombstones(
            where: "digest = ? ORDER BY removed_at DESC, name, version, platform, file",
            [digest.column],
            in: db
        )
    }

    /// The digests that tombstones have.
    static func removed(in db: Database) throws -> [Digest] {
        try Row.fetchAll(db, sql: "SELECT DISTINCT digest FROM tombstone ORDER BY digest").map {
            try $0.digest("digest")
        }
    }

    /// Those of many digests that tombstones may have.
    static func removed(among digests: Set<Digest>, in db: Database) throws -> Set<Digest> {
        try digests.some(in: "tombstone", db)
    }

    /// Those of many digests that artifacts may have.
    static func released(among digests: Set<Digest>, in db: Database) throws -> Set<Digest> {
        try digests.some(in: "artifact", db)
    }

    private static func tombstones(
        where condition: String,
        _ arguments: StatementArguments,
        in db: Database
    ) throws -> [Tombstone] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT name, version, platform, file, digest, removed_at, removed_by, reason, harmless FROM tombstone
                WHERE \(condition)
                """
        )
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            Tombstone(
                key: try key(row),
                digest: try row.digest("digest"),
                removedAt: Timestamp(milliseconds: row["removed_at"]),
                removedBy: row["removed_by"],
                reason: row["reason"],
                isHarmless: row["harmless"]
            )
        }
    }

    static func key(_ row: Row) throws -> ArtifactKey {
        ArtifactKey(
            name: try RepositoryName(parsing: row["name"] as String),
            version: try Version(parsing: row["version"] as String),
            platform: try ArtifactPlatform(parsing: row["platform"] as String),
            file: try ReleasePath(parsing: row["file"] as String)
        )
    }

    private static func fetch(
        of table: Table = .artifact,
        where condition: String,
        _ arguments: StatementArguments,
        in db: Database
    ) throws -> [Artifact] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(columns) FROM \(table) AS artifact JOIN blob ON blob.digest = artifact.digest WHERE \(condition)
                """
        )
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            Artifact(
                key: try key(row),
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
