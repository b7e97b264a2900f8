import ContentAddress
import GRDB
import OCI

/// The tables of what refers to manifests of the store.
enum ReferrerRows {
    /// A referrer doesn't keep its subject: the column names a digest, no row.
    ///
    /// `referrer_blob` has every blob that it reaches, itself included, which is what collection keeps.
    static let tables = """
        CREATE TABLE referrer (
            digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
            subject BLOB NOT NULL CHECK (length(subject) = 32),
            media_type TEXT NOT NULL,
            artifact_type TEXT,
            added_at INTEGER NOT NULL,
            added_by TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX referrer_subject ON referrer (subject);
        CREATE TABLE referrer_blob (
            referrer BLOB NOT NULL REFERENCES referrer (digest) ON DELETE CASCADE,
            digest BLOB NOT NULL REFERENCES blob (digest),
            PRIMARY KEY (referrer, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX referrer_blob_digest ON referrer_blob (digest);
        """

    static func exists(_ digest: Digest, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM referrer WHERE digest = ?")
        return try Row.fetchOne(statement, arguments: [digest.column]) != nil
    }

    /// Adds a referrer with its event; does nothing when it is there.
    static func insert(
        _ record: ReferrerRecord,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        guard try !exists(record.digest, in: db) else { return }
        try db.execute(
            sql: """
                INSERT INTO referrer (digest, subject, media_type, artifact_type, added_at, added_by)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                record.digest.column, record.subject.column, record.mediaType, record.artifactType, time.milliseconds,
                actor,
            ]
        )
        for blob in record.blobs.sorted() {
            try db.cachedStatement(sql: "INSERT INTO referrer_blob (referrer, digest) VALUES (?, ?)")
                .execute(arguments: [record.digest.column, blob.column])
        }
        var members = more
        members["mediaType"] = .string(record.mediaType)
        members["subject"] = .string(record.subject.description)
        if let type = record.artifactType { members["artifactType"] = .string(type) }
        try EventRows.append(.refer, digest: record.digest, at: time, by: actor, more: members, in: db)
    }

    /// Removes a referrer with its event; does nothing where there is none.
    static func remove(_ digest: Digest, reason: String, at time: Timestamp, by actor: String, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM referrer WHERE digest = ?").execute(arguments: [digest.column])
        guard db.changesCount > 0 else { return }
        let members: [String: JSONValue] = ["removed": .bool(true), "reason": .string(reason)]
        try EventRows.append(.refer, digest: digest, at: time, by: actor, more: members, in: db)
    }

    /// What refers to a manifest, by digest.
    static func list(to subject: Digest, in db: Database) throws -> [StoredReferrer] {
        let sql = "SELECT * FROM referrer WHERE subject = ? ORDER BY digest"
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [subject.column]).map(stored)
    }

    /// What came with its subject, not pushed to a repository, and reaches a blob, or is it.
    static func list(reaching digest: Digest, in db: Database) throws -> [StoredReferrer] {
        let sql = """
            SELECT referrer.* FROM referrer_blob JOIN referrer ON referrer.digest = referrer_blob.referrer
            WHERE referrer_blob.digest = ?
            AND NOT EXISTS (SELECT 1 FROM repository_manifest WHERE repository_manifest.digest = referrer.digest)
            ORDER BY referrer.digest
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [digest.column]).map(stored)
    }

    private static func stored(_ row: Row) throws -> StoredReferrer {
        StoredReferrer(
            digest: try row.digest("digest"),
            subject: try row.digest("subject"),
            mediaType: row["media_type"],
            artifactType: row["artifact_type"],
            addedAt: Timestamp(milliseconds: row["added_at"]),
            addedBy: row["added_by"]
        )
    }
}

extension Reachability {
    /// Deletes the referrers whose subject is no longer here, each with its event.
    func deleteReferrers(by actor: String, in db: Database) throws {
        let conditions = [
            Root(table: "image_blob", column: "digest").isAbsent("referrer.subject"),
            Root(table: "sealed_release", column: "digest").isAbsent("referrer.subject"),
            "NOT EXISTS (SELECT 1 FROM referrer AS other WHERE other.digest = referrer.subject)",
            // A repository takes what refers to a manifest before the manifest.
            Root(table: "repository_manifest", column: "digest").isAbsent("referrer.digest"),
            Root(table: "pin", column: "digest").isAbsent("referrer.digest"),
            Root(table: "lease_blob", column: "digest").isAbsent("referrer.digest"),
        ]
        let sql = "SELECT digest FROM referrer WHERE \(conditions.joined(separator: " AND ")) ORDER BY digest"
        // Those that refer to one that goes are next.
        while case let gone = try Row.fetchAll(db, sql: sql).map({ try $0.digest("digest") }), !gone.isEmpty {
            for digest in gone {
                try ReferrerRows.remove(digest, reason: "collection: its subject is gone", at: now, by: actor, in: db)
            }
        }
    }
}
