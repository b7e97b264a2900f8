import ContentAddress
import GRDB
import OCI

/// The tables of what was pushed to repositories.
enum PushRows {
    static func insert(blob digest: Digest, _ repository: String, at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO repository_blob (repository, digest, pushed_at) VALUES (?, ?, ?)"
        ).execute(arguments: [repository, digest.column, time.milliseconds])
        try complete(digest, in: repository, db)
    }

    /// What a repository's manifests lacked is theirs from now on, and that of the indexes that reach them.
    private static func complete(_ digest: Digest, in repository: String, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO image_blob (image, digest) SELECT holder.image, missing.digest
                FROM repository_missing AS missing JOIN image_blob AS holder ON holder.digest = missing.image
                WHERE missing.repository = ? AND missing.digest = ?
                """
        ).execute(arguments: [repository, digest.column])
        try db.cachedStatement(sql: "DELETE FROM repository_missing WHERE repository = ? AND digest = ?")
            .execute(arguments: [repository, digest.column])
    }

    static func insert(name: LongDigest, of digest: Digest, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO other_digest (name, digest) VALUES (?, ?)")
            .execute(arguments: [name.description, digest.column])
    }

    static func digest(named name: LongDigest, in db: Database) throws -> Digest? {
        let statement = try db.cachedStatement(sql: "SELECT digest FROM other_digest WHERE name = ?")
        return try Row.fetchOne(statement, arguments: [name.description])?.digest("digest")
    }

    /// Notes a manifest, whose image has its row, and what it lacks; the first time with its event.
    static func insert(_ manifest: PushedManifest, at time: Timestamp, by actor: String, in db: Database) throws {
        let isNew = try !has(manifest: manifest.digest, manifest.repository, in: db)
        try db.execute(
            sql: """
                INSERT INTO repository_manifest (repository, digest, name, subject, pushed_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (repository, digest) DO UPDATE SET name = excluded.name, pushed_at = excluded.pushed_at
                """,
            arguments: [
                manifest.repository, manifest.digest.column, manifest.name?.description, manifest.subject,
                time.milliseconds,
            ]
        )
        for digest in manifest.missing.sorted() {
            try db.cachedStatement(
                sql: "INSERT OR IGNORE INTO repository_missing (repository, digest, image) VALUES (?, ?, ?)"
            ).execute(arguments: [manifest.repository, digest.column, manifest.digest.column])
        }
        try complete(manifest.digest, in: manifest.repository, db)
        // An index that was there before its member has the member's blobs from now on, too.
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO image_blob (image, digest)
                SELECT holder.image, own.digest FROM image_blob AS holder JOIN image_blob AS own ON own.image = :digest
                WHERE holder.digest = :digest
                """
        ).execute(arguments: ["digest": manifest.digest.column])
        guard isNew else { return }
        var more = members(manifest.repository, manifest.pusher)
        if let name = manifest.name { more["name"] = .string(name.description) }
        if let subject = manifest.subject { more["subject"] = .string(subject) }
        try EventRows.append(.push, digest: manifest.digest, at: time, by: actor, more: more, in: db)
    }

    /// Throws ``StoreError/immutableName(_:_:)`` where an immutable name has another image.
    static func checkNames(of manifest: PushedManifest, in db: Database) throws {
        for name in manifest.immutable {
            for spelling in name.lookups.map(\.tagged) {
                guard let image = try ImageRows.image(named: spelling, in: db), image != manifest.digest else {
                    continue
                }
                throw StoreError.immutableName(spelling, image)
            }
        }
    }

    /// Takes off the names under which what is served from now on was held, or something else of the same tag.
    static func endHolding(_ manifest: PushedManifest, at time: Timestamp, by actor: String, in db: Database) throws {
        let prefix = HeldName.prefix(of: manifest.repository)
        let tags = Set(manifest.references.compactMap(\.tag))
        let more = members(manifest.repository, manifest.pusher)
        for (tag, image) in try RepositoryRows.tags(of: prefix, after: "", limit: .max, in: db)
        where manifest.blobs[image] != nil || tags.contains(tag) {
            try ImageRows.untag(image, "\(prefix):\(tag)", at: time, by: actor, more: more, in: db)
        }
    }

    /// Lets an image that loses a tag stay in its repository by its digest, from now on for its time.
    static func keep(_ digest: Digest, _ repository: String, at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO repository_manifest (repository, digest, pushed_at) VALUES (?, ?, ?)
                ON CONFLICT (repository, digest) DO UPDATE SET pushed_at = excluded.pushed_at
                """
        ).execute(arguments: [repository, digest.column, time.milliseconds])
    }

    /// What an event tells of the repository, and of who changed it.
    static func members(_ repository: String, _ pusher: String?) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["repository": .string(repository)]
        if let pusher { members["pusher"] = .string(pusher) }
        return members
    }

    static func has(manifest digest: Digest, _ repository: String, in db: Database) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM repository_manifest WHERE repository = ? AND digest = ?)"
        return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [repository, digest.column]) ?? false
    }

    static func has(blob digest: Digest, _ repository: String, in db: Database) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM repository_blob WHERE repository = ? AND digest = ?)"
        return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [repository, digest.column]) ?? false
    }

    /// Whether something was pushed to a repository, and is there.
    static func exists(_ repository: String, in db: Database) throws -> Bool {
        let sql = """
            SELECT EXISTS (SELECT 1 FROM repository_manifest WHERE repository = :name)
                OR EXISTS (SELECT 1 FROM repository_blob WHERE repository = :name)
            """
        return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: ["name": repository]) ?? false
    }

    /// The images that have a blob only elsewhere: in a repository they, or what they reach, name it, and it wasn't pushed there.
    static func images(lacking digest: Digest, in repository: String, _ db: Database) throws -> Set<Digest> {
        let sql = """
            SELECT DISTINCT holder.image AS image
            FROM repository_missing AS missing JOIN image_blob AS holder ON holder.digest = missing.image
            WHERE missing.repository = ? AND missing.digest = ?
            """
        let rows = try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [repository, digest.column])
        return Set(try rows.map { try $0.digest("image") })
    }

    /// The pushed manifests of a repository that reach a blob, themselves included.
    static func manifests(of repository: String, reaching digest: Digest, in db: Database) throws -> [Digest] {
        let sql = """
            SELECT repository_manifest.digest AS digest FROM image_blob
            JOIN repository_manifest ON repository_manifest.digest = image_blob.image
            WHERE image_blob.digest = ? AND repository = ? ORDER BY repository_manifest.digest
            """
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [digest.column, repository])
            .map { try $0.digest("digest") }
    }

    /// The digest of another algorithm that a manifest was pushed under.
    static func name(of digest: Digest, _ repository: String, in db: Database) throws -> String? {
        let sql = "SELECT name FROM repository_manifest WHERE repository = ? AND digest = ?"
        return try String.fetchOne(db.cachedStatement(sql: sql), arguments: [repository, digest.column])
    }

    /// What was pushed to a repository that refers to a manifest by one of its digests, behind `last`, by digest.
    static func referrers(
        to subjects: [String],
        of repository: String,
        after last: Digest?,
        limit: Int,
        in db: Database
    ) throws -> [PushedReferrer] {
        let marks = subjects.map { _ in "?" }.joined(separator: ", ")
        var arguments: StatementArguments = [repository]
        arguments += StatementArguments(subjects)
        arguments += [last?.column, last?.column, limit]
        return try Row.fetchAll(
            db,
            sql: """
                SELECT repository_manifest.digest AS digest, media_type FROM repository_manifest
                JOIN image ON image.digest = repository_manifest.digest
                WHERE repository = ? AND subject IN (\(marks)) AND (? IS NULL OR repository_manifest.digest > ?)
                ORDER BY repository_manifest.digest LIMIT ?
                """,
            arguments: arguments
        ).map { PushedReferrer(digest: try $0.digest("digest"), mediaType: $0["media_type"]) }
    }

    /// The repositories that a blob was pushed to, by itself or with a manifest.
    static func repositories(with digest: Digest, in db: Database) throws -> [String] {
        let sql = """
            SELECT repository FROM repository_blob WHERE digest = :digest
            UNION SELECT repository FROM image_blob
                JOIN repository_manifest ON repository_manifest.digest = image_blob.image
                WHERE image_blob.digest = :digest
            """
        return try String.fetchAll(db.cachedStatement(sql: sql), arguments: ["digest": digest.column])
    }

    /// The digests of other algorithms that some content has.
    static func names(of digest: Digest, in db: Database) throws -> [String] {
        let sql = "SELECT name FROM other_digest WHERE digest = ? ORDER BY name"
        return try String.fetchAll(db.cachedStatement(sql: sql), arguments: [digest.column])
    }

    /// Takes a blob out of a repository; its grace period begins.
    static func remove(blob digest: Digest, _ repository: String, at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM repository_blob WHERE repository = ? AND digest = ?")
            .execute(arguments: [repository, digest.column])
        try BlobRows.noteUnnamed(digest, at: time, in: db)
    }

    /// Takes a manifest out of a repository, with its event.
    static func remove(
        manifest digest: Digest,
        _ repository: String,
        pusher: String?,
        reason: String? = nil,
        at time: Timestamp,
        by actor: String,
        in db: Database
    ) throws {
        try ImageRows.unname(digest, at: time, in: db)
        try db.cachedStatement(sql: "DELETE FROM repository_manifest WHERE repository = ? AND digest = ?")
            .execute(arguments: [repository, digest.column])
        guard db.changesCount > 0 else { return }
        try db.cachedStatement(sql: "DELETE FROM repository_missing WHERE repository = ? AND image = ?")
            .execute(arguments: [repository, digest.column])
        var more = members(repository, pusher)
        more["removed"] = .bool(true)
        if let reason { more["reason"] = .string(reason) }
        try EventRows.append(.push, digest: digest, at: time, by: actor, more: more, in: db)
        let sql = "SELECT EXISTS (SELECT 1 FROM repository_manifest WHERE digest = ?)"
        guard try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: [digest.column]) == false else { return }
        try ReferrerRows.remove(
            digest,
            reason: reason ?? "it was deleted from its repository",
            at: time,
            by: actor,
            in: db
        )
    }
}
