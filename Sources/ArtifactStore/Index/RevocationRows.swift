import ContentAddress
import Foundation
import GRDB
import OCI
import Release

/// The table of revocations, which is only appended to.
enum RevocationRows {
    static let table = """
        CREATE TABLE revocation (
            id INTEGER PRIMARY KEY,
            name TEXT,
            version TEXT,
            digest BLOB CHECK (digest IS NULL OR length(digest) = 32),
            level TEXT NOT NULL,
            reason TEXT NOT NULL,
            advisory TEXT,
            key BLOB CHECK (key IS NULL OR length(key) = 32),
            statement BLOB,
            revoked_at INTEGER NOT NULL,
            revoked_by TEXT NOT NULL,
            CHECK ((digest IS NULL) <> (name IS NULL) AND (name IS NULL) = (version IS NULL)),
            CHECK ((key IS NULL) = (statement IS NULL))
        ) STRICT;
        CREATE INDEX revocation_release ON revocation (name, version);
        CREATE INDEX revocation_digest ON revocation (digest) WHERE digest IS NOT NULL;
        """

    static func insert(_ revocation: Revocation, in db: Database) throws {
        var key: ReleaseKey?
        var digest: Digest?
        switch revocation.subject {
        case .release(let release): key = release
        case .bytes(let bytes): digest = bytes
        }
        try db.execute(
            sql: """
                INSERT INTO revocation
                    (name, version, digest, level, reason, advisory, key, statement, revoked_at, revoked_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                key?.name.text, key?.version.text, digest?.column, revocation.level.rawValue, revocation.reason,
                revocation.advisory, revocation.proof?.key.column, revocation.proof.map { Data($0.bytes) },
                revocation.revokedAt.milliseconds, revocation.revokedBy,
            ]
        )
    }

    /// All marks, the earliest first.
    static func all(in db: Database) throws -> [Revocation] {
        try Row.fetchAll(db, sql: "SELECT * FROM revocation ORDER BY id").map(revocation)
    }

    /// The marks on one subject, the earliest first.
    static func list(on subject: Revocation.Subject, in db: Database) throws -> [Revocation] {
        switch subject {
        case .release(let release):
            let sql = "SELECT * FROM revocation WHERE name = ? AND version = ? ORDER BY id"
            return try Row.fetchAll(db, sql: sql, arguments: [release.name.text, release.version.text]).map(revocation)
        case .bytes(let digest):
            let sql = "SELECT * FROM revocation WHERE digest = ? ORDER BY id"
            return try Row.fetchAll(db, sql: sql, arguments: [digest.column]).map(revocation)
        }
    }

    /// The digests that are denied: by themselves, or as programs of releases that are all denied.
    static func denied(in db: Database) throws -> Set<Digest> {
        let marks = RevocationMarks(try all(in: db))
        var denied: Set<Digest> = []
        for mark in marks.all where mark.level == .denied {
            switch mark.subject {
            case .bytes(let digest): denied.insert(digest)
            case .release(let release):
                let programs = try ArtifactRows.list(release, in: db).filter(\.key.isProgram).map(\.digest)
                for digest in programs {
                    let releases = try ArtifactRows.list(with: digest, in: db).map(\.key.release)
                    if releases.allSatisfy({ marks[$0]?.level == .denied }) { denied.insert(digest) }
                }
            }
        }
        return denied
    }

    private static func revocation(_ row: Row) throws -> Revocation {
        let name: String? = row["name"]
        let subject: Revocation.Subject =
            if let name {
                .release(
                    ReleaseKey(
                        name: try RepositoryName(parsing: name),
                        version: try Version(parsing: row["version"] as String)
                    )
                )
            } else {
                .bytes(try row.digest("digest"))
            }
        let statement: Data? = row["statement"]
        return Revocation(
            subject,
            // A level of a later program is at least a warning.
            Revocation.Level(rawValue: row["level"]) ?? .warned,
            reason: row["reason"],
            advisory: row["advisory"],
            at: Timestamp(milliseconds: row["revoked_at"]),
            by: row["revoked_by"],
            proof: try statement.map { Revocation.Proof(key: try row.digest("key"), bytes: Array($0)) }
        )
    }
}
