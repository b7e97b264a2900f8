import ContentAddress
import Foundation
import GRDB
import OCI

/// The tables of builders' own attestations.
enum ProvenanceRows {
    static let tables = """
        CREATE TABLE provenance (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            predicate_type TEXT NOT NULL,
            key BLOB CHECK (length(key) = 32),
            document BLOB NOT NULL,
            added_at INTEGER NOT NULL,
            added_by TEXT NOT NULL
        ) STRICT;
        CREATE TABLE provenance_subject (
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            provenance INTEGER NOT NULL REFERENCES provenance (id) ON DELETE CASCADE,
            PRIMARY KEY (digest, provenance)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX provenance_subject_provenance ON provenance_subject (provenance);
        """

    /// Adds a document, a subject of it, or what it was verified by where it was unverified until now, with an event; else
    /// changes nothing.
    static func insert(
        _ provenance: NewProvenance,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        guard try write(provenance, at: time, by: actor, in: db) else { return }
        var members = more
        members["predicateType"] = .string(provenance.predicateType)
        members["subjects"] = .array(provenance.subjects.sorted().map { .string($0.description) })
        if let time = provenance.loggedAt { members["loggedAt"] = .string(time.rfc3339) }
        if let key = provenance.key { members["key"] = .string(key.description) }
        let digest = Digest.of(provenance.bytes)
        try EventRows.append(.provenance, digest: digest, at: time, by: actor, more: members, in: db)
    }

    /// The same without the event; whether anything changed.
    static func write(
        _ provenance: NewProvenance,
        at time: Timestamp,
        by actor: String,
        in db: Database
    ) throws -> Bool {
        let digest = Digest.of(provenance.bytes)
        try db.execute(
            sql: """
                INSERT INTO provenance (digest, predicate_type, key, document, added_at, added_by)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (digest) DO UPDATE SET key = excluded.key WHERE key IS NULL AND excluded.key IS NOT NULL
                """,
            arguments: [
                digest.column, provenance.predicateType, provenance.key?.column, Data(provenance.bytes),
                time.milliseconds, actor,
            ]
        )
        var isChanged = db.changesCount > 0
        let linking = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO provenance_subject (digest, provenance)
                SELECT ?, id FROM provenance WHERE digest = ?
                """
        )
        for subject in provenance.subjects.sorted() {
            try linking.execute(arguments: [subject.column, digest.column])
            isChanged = isChanged || db.changesCount > 0
        }
        return isChanged
    }

    /// Whether a document is there with its subjects, verified where it is to be.
    static func has(_ provenance: NewProvenance, in db: Database) throws -> Bool {
        let known = try provenance.subjects.allSatisfy { subject in
            let sql = """
                SELECT EXISTS (
                    SELECT 1 FROM provenance_subject JOIN provenance ON provenance = id
                    WHERE provenance_subject.digest = ? AND provenance.digest = ?
                )
                """
            let arguments: StatementArguments = [subject.column, Digest.of(provenance.bytes).column]
            return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) ?? false
        }
        guard known else { return false }
        let sql = "SELECT EXISTS (SELECT 1 FROM provenance WHERE digest = ? AND (? IS NULL OR key IS NOT NULL))"
        let arguments: StatementArguments = [Digest.of(provenance.bytes).column, provenance.key?.column]
        return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) ?? false
    }

    static func list(about subject: Digest, in db: Database) throws -> [StoredProvenance] {
        let sql = """
            SELECT * FROM provenance
            WHERE id IN (SELECT provenance FROM provenance_subject WHERE digest = ?) ORDER BY id
            """
        return try Row.fetchAll(db, sql: sql, arguments: [subject.column]).map { row in
            let subjects = try Row.fetchAll(
                db,
                sql: "SELECT digest FROM provenance_subject WHERE provenance = ? ORDER BY digest",
                arguments: [row["id"] as Int64]
            )
            let key: Data? = row["key"]
            return StoredProvenance(
                digest: try row.digest("digest"),
                predicateType: row["predicate_type"],
                subjects: try subjects.map { try $0.digest("digest") },
                key: try key.map { try Digest(bytes: Array($0)) },
                bytes: Array(row["document"] as Data),
                addedAt: Timestamp(milliseconds: row["added_at"]),
                addedBy: row["added_by"]
            )
        }
    }
}
