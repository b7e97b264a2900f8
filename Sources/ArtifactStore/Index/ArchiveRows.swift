import Archive
import ContentAddress
import Foundation
import GRDB

/// The tables of what is in released archives.
enum ArchiveRows {
    /// By how it was read: a later reader that sees more has a higher number.
    private static let rules = 2
    /// The condition that an archive's row says all that can be said of it: LZMA, cpio and what follows a program are read since rules 2.
    static let isCurrent = "(archive.rules >= \(rules) OR archive.problem IS NULL)"

    /// Both are made from the blob, and go with it.
    static let tables = """
        CREATE TABLE archive (
            digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest) ON DELETE CASCADE,
            format TEXT NOT NULL,
            problem TEXT,
            rules INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE archive_member (
            archive BLOB NOT NULL REFERENCES archive (digest) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            path BLOB NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            size INTEGER NOT NULL,
            mode INTEGER NOT NULL,
            PRIMARY KEY (archive, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX archive_member_digest ON archive_member (digest);
        """

    static func insert(_ contents: ArchiveContents, of digest: Digest, in db: Database) throws {
        guard let format = contents.format, try !isRead(digest, in: db) else { return }
        try db.cachedStatement(sql: "DELETE FROM archive WHERE digest = ?").execute(arguments: [digest.column])
        try db.cachedStatement(sql: "INSERT INTO archive (digest, format, problem, rules) VALUES (?, ?, ?, ?)")
            .execute(arguments: [digest.column, format.rawValue, contents.problem, rules])
        let statement = try db.cachedStatement(
            sql: "INSERT INTO archive_member (archive, number, path, digest, size, mode) VALUES (?, ?, ?, ?, ?, ?)"
        )
        for (number, member) in zip(1..., contents.members) {
            try statement.execute(
                arguments: [
                    digest.column, number, Data(member.path), member.digest.column, member.size, Int(member.mode),
                ]
            )
        }
    }

    /// Whether an archive was read, by a reader that saw as much as this one.
    static func isRead(_ digest: Digest, in db: Database) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM archive WHERE digest = ? AND \(isCurrent))"
        return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [digest.column]) ?? false
    }

    /// What was read of an archive; nil for what isn't one.
    static func summary(of digest: Digest, in db: Database) throws -> ArchiveSummary? {
        let sql = """
            SELECT format, problem, (SELECT count(*) FROM archive_member WHERE archive = archive.digest) AS members
            FROM archive WHERE digest = ?
            """
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [digest.column]).map {
            ArchiveSummary(format: $0["format"], memberCount: $0["members"], problem: $0["problem"])
        }
    }

    /// Those of many digests that files in archives may have.
    static func held(among digests: Set<Digest>, in db: Database) throws -> Set<Digest> {
        try digests.some(in: "archive_member", db)
    }

    /// The released archives that hold a file of these bytes, and where.
    static func places(of digest: Digest, in db: Database) throws -> [(archive: Digest, path: [UInt8])] {
        let sql = "SELECT archive, path FROM archive_member WHERE digest = ? ORDER BY archive, number LIMIT 1000"
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [digest.column]).map {
            (try $0.digest("archive"), [UInt8]($0["path"] as Data))
        }
    }

    /// The files of an archive in its order.
    static func members(of archive: Digest, in db: Database) throws -> [ArchiveContents.Member] {
        let sql = "SELECT path, digest, size, mode FROM archive_member WHERE archive = ? ORDER BY number"
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [archive.column]).map {
            ArchiveContents.Member(
                path: [UInt8]($0["path"] as Data),
                digest: try $0.digest("digest"),
                size: $0["size"],
                mode: $0["mode"]
            )
        }
    }
}
