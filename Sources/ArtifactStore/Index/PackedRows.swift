import ContentAddress
import GRDB
import OCI
import Release

/// The table of archives that were packed from releases.
enum PackedRows {
    /// They can be derived again, and have bytes that a removal must free: they go with any file of their release.
    static let table = """
        CREATE TABLE packed (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            file_name TEXT NOT NULL,
            platform TEXT NOT NULL,
            digest BLOB NOT NULL REFERENCES blob (digest),
            recipe TEXT NOT NULL,
            packed_at INTEGER NOT NULL,
            packed_by TEXT NOT NULL,
            PRIMARY KEY (name, version, file_name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX packed_digest ON packed (digest);
        CREATE TRIGGER packed_goes AFTER DELETE ON artifact BEGIN
            DELETE FROM packed WHERE name = OLD.name AND version = OLD.version;
        END;
        """

    /// Notes an archive with its event; does nothing where it is noted with the same recipe.
    static func keep(_ archive: PackedArchive, in db: Database) throws {
        let standing = try list(archive.release, in: db).first { $0.fileName == archive.fileName }
        if let standing, standing.digest == archive.digest, standing.platform == archive.platform,
            standing.recipe == archive.recipe
        {
            return
        }
        try insert(archive, in: db)
        let members: [String: JSONValue] = [
            "name": .string(archive.release.name.text), "version": .string(archive.release.version.text),
            "platform": .string(archive.platform.description), "fileName": .string(archive.fileName),
            "recipe": .string(archive.recipe), "size": .int(archive.size),
        ]
        try EventRows.append(
            .pack,
            digest: archive.digest,
            at: archive.packedAt,
            by: archive.packedBy,
            more: ["packed": .object(members)],
            in: db
        )
    }

    /// Notes an archive, in the place of one of that name; its blob must be there.
    static func insert(_ archive: PackedArchive, in db: Database) throws {
        if let former = try list(archive.release, in: db).first(where: { $0.fileName == archive.fileName }),
            former.digest != archive.digest
        {
            try BlobRows.noteUnnamed(former.digest, at: archive.packedAt, in: db)
        }
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO packed
                    (name, version, file_name, platform, digest, recipe, packed_at, packed_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.execute(
            arguments: [
                archive.release.name.text, archive.release.version.text, archive.fileName,
                archive.platform.description, archive.digest.column, archive.recipe, archive.packedAt.milliseconds,
                archive.packedBy,
            ]
        )
    }

    /// Whether there are any.
    static func hasAny(in db: Database) throws -> Bool {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT 1 FROM packed LIMIT 1")) != nil
    }

    /// Those of a release, by name.
    static func list(_ release: ReleaseKey, in db: Database) throws -> [PackedArchive] {
        try fetch("name = ? AND version = ?", [release.name.text, release.version.text], in: db)
    }

    /// Those that have these bytes, by release and name.
    static func list(with digest: Digest, in db: Database) throws -> [PackedArchive] {
        try fetch("digest = ?", [digest.column], in: db)
    }

    private static func fetch(
        _ condition: String,
        _ arguments: StatementArguments,
        in db: Database
    ) throws -> [PackedArchive] {
        let sql = """
            SELECT name, version, file_name, platform, digest, size, recipe, packed_at, packed_by
            FROM packed JOIN blob USING (digest) WHERE \(condition) ORDER BY name, version, file_name
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map { row in
            PackedArchive(
                release: ReleaseKey(
                    name: try RepositoryName(parsing: row["name"] as String),
                    version: try Version(parsing: row["version"] as String)
                ),
                platform: try ArtifactPlatform(parsing: row["platform"] as String),
                fileName: row["file_name"],
                digest: try row.digest("digest"),
                size: row["size"],
                recipe: row["recipe"],
                packedAt: Timestamp(milliseconds: row["packed_at"]),
                packedBy: row["packed_by"]
            )
        }
    }
}
