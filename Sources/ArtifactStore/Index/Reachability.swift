import ContentAddress
import GRDB
import OCI

/// What keeps blobs and images, asked of the schema itself.
///
/// A row whose foreign key names a blob, and isn't deleted along with it, keeps it. A table that a later migration
/// adds is a root by its own declaration: there is no list of roots that somebody could forget to extend.
struct Reachability {
    /// What a lease and the grace period are measured against.
    let now: Timestamp
    /// What was added or lost its last name after this stays.
    let cutoff: Timestamp
    private let holders: LeaseHolders

    init(now: Timestamp, grace: Int64, holders: LeaseHolders) {
        self.now = now
        self.holders = holders
        let (difference, overflow) = now.milliseconds.subtractingReportingOverflow(grace)
        cutoff = Timestamp(milliseconds: overflow ? .min : difference)
    }

    /// A column that keeps what it names.
    struct Root: Hashable {
        let table: String
        let column: String

        /// The condition that no row of the column names a digest.
        func isAbsent(_ digest: String) -> String {
            "NOT EXISTS (SELECT 1 FROM \"\(table)\" AS root WHERE root.\"\(column)\" = \(digest))"
        }
    }

    /// The columns that keep rows of a table, by table and column.
    static func roots(of table: String, in db: Database) throws -> [Root] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT holder.name AS holder, key."from" AS holding
                FROM sqlite_schema AS holder JOIN pragma_foreign_key_list(holder.name) AS key
                WHERE holder.type = 'table' AND key."table" = ? AND key.on_delete <> 'CASCADE'
                ORDER BY holder.name, key."from"
                """,
            arguments: [table]
        ).map { Root(table: $0["holder"], column: $0["holding"]) }
    }

    /// Ends the leases whose time is over or whose holder is gone, each with its event; gives the files of all of them.
    func endLeases(by actor: String, in db: Database) throws -> [String?] {
        let sql = """
            SELECT id, holder, expires_at, file, (SELECT count(*) FROM lease_blob WHERE lease = lease.id) AS blobs
            FROM lease ORDER BY expires_at, id
            """
        let rows = try Row.fetchAll(db, sql: sql)
            .filter { row in row["expires_at"] <= now.milliseconds || holders.isGone(row["file"]) }
        for row in rows {
            var members: [String: JSONValue] = [
                "holder": .string(row["holder"]), "blobs": .int(row["blobs"]),
                "expiresAt": .string(Timestamp(milliseconds: row["expires_at"]).rfc3339),
            ]
            if row["expires_at"] > now.milliseconds { members["reason"] = .string("its holder is gone") }
            try EventRows.append(.lease, digest: nil, at: now, by: actor, more: members, in: db)
            try db.execute(sql: "DELETE FROM lease WHERE id = ?", arguments: [row["id"] as String])
        }
        return rows.map { $0["file"] }
    }

    private static let isUnleased = Root(table: "lease_blob", column: "digest").isAbsent("blob.digest")
    private static let isOld = "max(blob.added_at, coalesce(blob.unnamed_at, 0)) <= :cutoff"

    /// Deletes the images that no name, pin or lease keeps, each with its event; gives their digests.
    func deleteImages(by actor: String, in db: Database) throws -> [Digest] {
        let roots = try Self.roots(of: "image", in: db) + [Root(table: "pin", column: "digest")]
        let conditions = roots.map { $0.isAbsent("image.digest") } + [Self.isUnleased, Self.isOld]
        let digests = try Row.fetchAll(
            db,
            sql: """
                SELECT image.digest FROM image JOIN blob ON blob.digest = image.digest
                WHERE \(conditions.joined(separator: " AND ")) ORDER BY image.digest
                """,
            arguments: ["cutoff": cutoff.milliseconds]
        ).map { try $0.digest("digest") }
        for digest in digests {
            try db.cachedStatement(sql: "DELETE FROM image WHERE digest = ?").execute(arguments: [digest.column])
            let members: [String: JSONValue] = ["removed": .bool(true), "reason": "collection: nothing names it"]
            try EventRows.append(.image, digest: digest, at: now, by: actor, more: members, in: db)
        }
        return digests
    }

    /// Forgets derived layers that no image holds: they can be derived again.
    func deleteDerivedLayers(in db: Database) throws -> Int {
        let conditions = [
            "blob.digest = layer.digest", Root(table: "image_blob", column: "digest").isAbsent("blob.digest"),
            Self.isUnleased, Self.isOld,
        ]
        try db.execute(
            sql: """
                DELETE FROM layer WHERE EXISTS (SELECT 1 FROM blob WHERE \(conditions.joined(separator: " AND ")))
                """,
            arguments: ["cutoff": cutoff.milliseconds]
        )
        return db.changesCount
    }

    /// The next blobs that nothing keeps, by digest, after a place.
    func unreachable(after place: Digest?, limit: Int, in db: Database) throws -> [(digest: Digest, size: Int64)] {
        let conditions =
            try Self.roots(of: "blob", in: db).map { $0.isAbsent("blob.digest") } + [Self.isUnleased, Self.isOld]
        return try Row.fetchAll(
            db,
            sql: """
                SELECT digest, size FROM blob
                WHERE \(place == nil ? "true" : "digest > :place") AND \(conditions.joined(separator: " AND "))
                ORDER BY digest LIMIT :limit
                """,
            arguments: ["cutoff": cutoff.milliseconds, "limit": limit]
                + (place.map { ["place": $0.column] } ?? StatementArguments())
        ).map { (try $0.digest("digest"), $0["size"]) }
    }

    /// The last day of year 9999: what text can show.
    private static let latest: Int64 = 253_402_214_400_000

    /// The condition that only images which themselves have no name, and no pin, name a blob, if anything does.
    private static func isUnnamed(in db: Database) throws -> String {
        let names = try roots(of: "image", in: db) + [Root(table: "pin", column: "digest")]
        let isNamed = "NOT (\(names.map { $0.isAbsent("held.image") }.joined(separator: " AND ")))"
        // What an image holds goes with it, and so does the image's own document.
        let ofImages = [
            "image": "SELECT digest, digest AS image FROM image", "image_blob": "SELECT digest, image FROM image_blob",
        ]
        let conditions = try roots(of: "blob", in: db).compactMap { root -> String? in
            // A derived layer is kept by images alone.
            guard root.table != "layer" else { return nil }
            guard let rows = ofImages[root.table] else { return root.isAbsent("blob.digest") }
            return """
                NOT EXISTS (SELECT 1 FROM (\(rows)) AS held WHERE held.digest = blob.digest AND \(isNamed))
                """
        }
        return conditions.joined(separator: " AND ")
    }

    /// The blobs that nothing names, and what still keeps them: leases first, by their end, then the grace period.
    func waits(grace: Int64, in db: Database) throws -> [CollectionWait] {
        let isUnnamed = try Self.isUnnamed(in: db)
        let leases = try Row.fetchAll(
            db,
            sql: """
                SELECT lease.holder, lease.file, lease.expires_at, count(*) AS count, sum(blob.size) AS bytes FROM lease
                JOIN lease_blob ON lease_blob.lease = lease.id JOIN blob ON blob.digest = lease_blob.digest
                WHERE \(isUnnamed) GROUP BY lease.id ORDER BY lease.expires_at, lease.id
                """
        ).filter { row in !holders.isGone(row["file"]) }.map { row in
            CollectionWait(
                holder: row["holder"],
                until: Timestamp(milliseconds: row["expires_at"]),
                blobs: row["count"],
                bytes: row["bytes"]
            )
        }
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes,
                    coalesce(max(max(added_at, coalesce(unnamed_at, 0))), 0) AS last FROM blob
                WHERE \(isUnnamed) AND \(Self.isUnleased)
                """
        )
        guard let row, row["count"] as Int > 0 else { return leases }
        let (until, isOver) = (row["last"] as Int64).addingReportingOverflow(grace)
        let last = Timestamp(milliseconds: isOver ? Self.latest : min(until, Self.latest))
        return leases + [CollectionWait(holder: nil, until: last, blobs: row["count"], bytes: row["bytes"])]
    }

    /// How many blobs nothing names that a lease or the grace period still keeps, and their bytes.
    static func waiting(in db: Database) throws -> (count: Int, bytes: Int64) {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM blob WHERE \(try isUnnamed(in: db))"
        )
        return (row?["count"] ?? 0, row?["bytes"] ?? 0)
    }

    /// Those of many digests, in their order, that no row and no lease names.
    ///
    /// One pass over the index in the order of digests: a look-up for each of a million reads the index many times
    /// over.
    static func unknown(among sorted: [Digest], in db: Database) throws -> [Digest] {
        let sql = "SELECT digest FROM blob UNION SELECT digest FROM lease_blob ORDER BY digest"
        let known = try Row.fetchCursor(db, sql: sql)
        var unknown: [Digest] = []
        var next = try known.next()?.digest("digest")
        for digest in sorted {
            while let other = next, other < digest { next = try known.next()?.digest("digest") }
            if next != digest { unknown.append(digest) }
        }
        return unknown
    }

    /// Whether a file of this digest may be unlinked: no row and no lease names it.
    static func isUnknown(_ digest: Digest, in db: Database) throws -> Bool {
        let sql = """
            SELECT EXISTS (SELECT 1 FROM blob WHERE digest = :digest)
                OR EXISTS (SELECT 1 FROM lease_blob WHERE digest = :digest)
            """
        return try Bool.fetchOne(db.cachedStatement(sql: sql), arguments: ["digest": digest.column]) == false
    }
}
