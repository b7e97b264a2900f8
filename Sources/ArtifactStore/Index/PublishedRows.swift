import ContentAddress
import GRDB
import OCI

/// The table of places that releases and images were published to.
enum PublishedRows {
    /// `files` is JSON; `state` and `checked_at` are of the last look at the place.
    static let table = """
        CREATE TABLE published (
            subject TEXT NOT NULL,
            place TEXT NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            files TEXT NOT NULL,
            published_at INTEGER NOT NULL,
            published_by TEXT NOT NULL,
            state TEXT,
            checked_at INTEGER,
            PRIMARY KEY (subject, place)
        ) STRICT, WITHOUT ROWID;
        """

    /// Records a place, instead of what was recorded of it before.
    static func record(_ place: PublishedPlace, in db: Database) throws {
        try replace(place, in: db)
        let files: [JSONValue] = place.files.map { file in
            .object([
                "name": .string(file.name), "digest": .string(file.digest.description), "size": .int(file.size),
            ])
        }
        var more: [String: JSONValue] = ["subject": .string(place.subject), "place": .string(place.place)]
        if !files.isEmpty { more["files"] = .array(files) }
        try EventRows.append(
            .publish,
            digest: place.digest,
            at: place.publishedAt,
            by: place.publishedBy,
            more: more,
            in: db
        )
    }

    /// Inserts a place, or replaces it, without an event.
    static func replace(_ place: PublishedPlace, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO published (subject, place, digest, files, published_at, published_by)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                place.subject, place.place, place.digest.column, try JSONColumn.encode(place.files),
                place.publishedAt.milliseconds, place.publishedBy,
            ]
        )
    }

    /// Forgets a place; false where it isn't recorded.
    static func forget(
        _ subject: String,
        at place: String,
        now time: Timestamp,
        by actor: String,
        in db: Database
    ) throws -> Bool {
        guard let former = try list(of: subject, in: db).first(where: { $0.place == place }) else { return false }
        try remove(subject, at: place, in: db)
        let more: [String: JSONValue] = [
            "subject": .string(subject), "place": .string(place), "forgotten": .bool(true),
        ]
        try EventRows.append(.publish, digest: former.digest, at: time, by: actor, more: more, in: db)
        return true
    }

    /// Removes a place, without an event.
    static func remove(_ subject: String, at place: String, in db: Database) throws {
        try db.execute(sql: "DELETE FROM published WHERE subject = ? AND place = ?", arguments: [subject, place])
    }

    /// Records what was found at a place, if it still is one of what was looked for there.
    static func record(_ check: PublishedPlace.Check, at place: PublishedPlace, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE published SET state = ?, checked_at = ? WHERE subject = ? AND place = ? AND digest = ?"
        ).execute(
            arguments: [
                check.state.rawValue, check.at.milliseconds, place.subject, place.place, place.digest.column,
            ]
        )
    }

    /// All, or those of one release or image, by subject and place.
    static func list(of subject: String?, in db: Database) throws -> [PublishedPlace] {
        let sql = "SELECT * FROM published WHERE ?1 IS NULL OR subject = ?1 ORDER BY subject, place"
        return try Row.fetchAll(db, sql: sql, arguments: [subject]).map { row in
            let state = (row["state"] as String?).flatMap(PublishedPlace.State.init)
            let checkedAt = row["checked_at"] as Int64?
            return PublishedPlace(
                subject: row["subject"],
                place: row["place"],
                digest: try row.digest("digest"),
                files: try JSONColumn.decode(row["files"]),
                publishedAt: Timestamp(milliseconds: row["published_at"]),
                publishedBy: row["published_by"],
                lastCheck: state.flatMap { state in
                    checkedAt.map { PublishedPlace.Check(state: state, at: Timestamp(milliseconds: $0)) }
                }
            )
        }
    }
}
