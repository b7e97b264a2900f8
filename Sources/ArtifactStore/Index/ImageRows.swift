import ContentAddress
import GRDB
import OCI
import Release

/// The tables of images, their names, and derived layers.
enum ImageRows {
    /// The images that reach a blob, are it, or have it as a file.
    static func images(with digest: Digest, in db: Database) throws -> Set<Digest> {
        let statement = try db.cachedStatement(
            sql: """
                SELECT image FROM image_blob WHERE digest = :digest
                UNION SELECT image FROM image_artifact WHERE digest = :digest
                """
        )
        return Set(try Row.fetchAll(statement, arguments: ["digest": digest.column]).map { try $0.digest("image") })
    }

    static func insert(_ layer: DerivedLayer, in db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO layer (recipe, digest, diff_id) VALUES (?, ?, ?)",
            arguments: [layer.recipe.column, layer.digest.column, layer.diffID.column]
        )
    }

    static func layer(_ recipe: Digest, in db: Database) throws -> DerivedLayer? {
        let sql = "SELECT layer.digest, diff_id, size FROM layer JOIN blob USING (digest) WHERE recipe = ?"
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [recipe.column]) else { return nil }
        return DerivedLayer(
            recipe: recipe,
            digest: try row.digest("digest"),
            diffID: try row.digest("diff_id"),
            size: row["size"]
        )
    }

    /// Whether an image with its names, and layers, are there as they are given.
    static func isRecorded(_ image: ImageRecord?, layers: [DerivedLayer], in db: Database) throws -> Bool {
        for layer in layers where try self.layer(layer.recipe, in: db) != layer { return false }
        guard let image else { return true }
        guard try exists(image.digest, in: db) else { return false }
        for reference in image.references where try target(reference.tagged, in: db) != image.digest {
            return false
        }
        guard try image.referrers.allSatisfy({ try ReferrerRows.exists($0.digest, in: db) }) else { return false }
        return try image.bases.allSatisfy { try BaseRows.isMarked($0, in: db) }
    }

    /// Notes an image with its names; `more` are further members of the events.
    static func insert(
        _ image: ImageRecord,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        if try !exists(image.digest, in: db) {
            try db.execute(
                sql: "INSERT INTO image (digest, media_type, added_at) VALUES (?, ?, ?)",
                arguments: [image.digest.column, image.mediaType, time.milliseconds]
            )
            for blob in image.blobs.sorted() {
                try db.cachedStatement(sql: "INSERT INTO image_blob (image, digest) VALUES (?, ?)")
                    .execute(arguments: [image.digest.column, blob.column])
            }
            try EventRows.append(.image, digest: image.digest, at: time, by: actor, more: more, in: db)
        }
        for artifact in image.artifacts {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO image_artifact (image, digest) VALUES (?, ?)")
                .execute(arguments: [image.digest.column, artifact.column])
        }
        for reference in image.references {
            try tag(image.digest, as: reference, at: time, by: actor, more: more, in: db)
        }
        for referrer in image.referrers { try ReferrerRows.insert(referrer, at: time, by: actor, in: db) }
        for base in image.bases { try BaseRows.insert(base, at: time, by: actor, in: db) }
    }

    /// Moves a name, and the other spellings of it that are there; does nothing when it is there already.
    static func tag(
        _ digest: Digest,
        as reference: ImageReference,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue] = [:],
        in db: Database
    ) throws {
        for other in reference.lookups.dropFirst() where try target(other.tagged, in: db) != nil {
            try tag(digest, as: other.tagged, at: time, by: actor, more: more, in: db)
        }
        try tag(digest, as: reference.tagged, at: time, by: actor, more: more, in: db)
    }

    private static func tag(
        _ digest: Digest,
        as name: String,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue],
        in db: Database
    ) throws {
        let former = try target(name, in: db)
        guard former != digest else { return }
        if let former { try unname(former, at: time, in: db) }
        try db.execute(
            sql: "INSERT OR REPLACE INTO image_tag (reference, image, moved_at) VALUES (?, ?, ?)",
            arguments: [name, digest.column, time.milliseconds]
        )
        var members = more.merging(["tag": .string(name)]) { _, tag in tag }
        if let former { members["replaces"] = .string(former.description) }
        try EventRows.append(.image, digest: digest, at: time, by: actor, more: members, in: db)
    }

    /// The image of a name, which may stand there in another spelling.
    static func target(_ reference: ImageReference, in db: Database) throws -> Digest? {
        for spelling in reference.lookups {
            if let digest = try target(spelling.tagged, in: db) { return digest }
        }
        return nil
    }

    /// The image that has exactly this name.
    static func image(named name: String, in db: Database) throws -> Digest? { try target(name, in: db) }

    /// The media type of an image; nil where there is none.
    static func mediaType(of digest: Digest, in db: Database) throws -> String? {
        let statement = try db.cachedStatement(sql: "SELECT media_type FROM image WHERE digest = ?")
        return try String.fetchOne(statement, arguments: [digest.column])
    }

    private static func target(_ name: String, in db: Database) throws -> Digest? {
        let sql = "SELECT image FROM image_tag WHERE reference = ?"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [name])?.digest("image")
    }

    /// The names of all images.
    static func names(in db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT reference FROM image_tag ORDER BY reference")
    }

    static func exists(_ digest: Digest, in db: Database) throws -> Bool {
        try Row.fetchOne(db, sql: "SELECT 1 FROM image WHERE digest = ?", arguments: [digest.column]) != nil
    }

    /// Every blob that an image reaches, itself included.
    static func blobs(of image: Digest, in db: Database) throws -> Set<Digest> {
        let sql = "SELECT digest FROM image_blob WHERE image = ?"
        return Set(try Row.fetchAll(db, sql: sql, arguments: [image.column]).map { try $0.digest("digest") })
    }

    static func image(_ digest: Digest, in db: Database) throws -> StoredImage? {
        try Row.fetchOne(db, sql: "SELECT * FROM image WHERE digest = ?", arguments: [digest.column])
            .map { try stored($0, in: db) }
    }

    static func releasedFiles(in image: Digest, in db: Database) throws -> [Digest] {
        let sql = "SELECT digest FROM image_artifact WHERE image = ?"
        return try Row.fetchAll(db, sql: sql, arguments: [image.column]).map { try $0.digest("digest") }
    }

    static func releases(in image: Digest, in db: Database) throws -> [ReleaseKey] {
        let sql = """
            SELECT DISTINCT name, version FROM image_artifact JOIN artifact USING (digest)
            WHERE image = ? ORDER BY name, version
            """
        return try Row.fetchAll(db, sql: sql, arguments: [image.column]).map { row in
            ReleaseKey(
                name: try RepositoryName(parsing: row["name"] as String),
                version: try Version(parsing: row["version"] as String)
            )
        }
    }

    /// All images; those without a name that are a part of another one were pushed before it, and are left out.
    static func all(in db: Database) throws -> [StoredImage] {
        let sql = """
            SELECT * FROM image WHERE EXISTS (SELECT 1 FROM image_tag WHERE image = image.digest)
                OR EXISTS (SELECT 1 FROM pin WHERE digest = image.digest)
                OR NOT EXISTS (SELECT 1 FROM image_blob AS part WHERE part.digest = image.digest AND part.image <> image.digest)
            """
        return try Row.fetchAll(db, sql: sql).map { try stored($0, in: db) }
            .sorted { ($0.references.first ?? "~", $0.digest) < ($1.references.first ?? "~", $1.digest) }
    }

    /// Takes one name off with all of its spellings, or takes the image away with all its names.
    ///
    /// Its blobs count as unnamed from now on, so that the grace period of a collection starts here.
    static func remove(
        _ digest: Digest,
        name: ImageReference?,
        reason: String?,
        at time: Timestamp,
        by actor: String,
        in db: Database
    ) throws {
        try unname(digest, at: time, in: db)
        var removed: [JSONValue] = []
        if let name {
            for spelling in name.lookups.map(\.tagged) where try target(spelling, in: db) == digest {
                try db.execute(sql: "DELETE FROM image_tag WHERE reference = ?", arguments: [spelling])
                removed.append(.string(spelling))
            }
        } else {
            try db.execute(sql: "DELETE FROM image_tag WHERE image = ?", arguments: [digest.column])
            try db.execute(sql: "DELETE FROM repository_manifest WHERE digest = ?", arguments: [digest.column])
            // A pinned image stays without a name.
            let deletion = "DELETE FROM image WHERE digest = ? AND digest NOT IN (SELECT digest FROM pin)"
            try db.execute(sql: deletion, arguments: [digest.column])
        }
        if name == nil { removed.append(.bool(true)) }
        for what in removed {
            var more: [String: JSONValue] = ["removed": what]
            if let reason { more["reason"] = .string(reason) }
            try EventRows.append(.image, digest: digest, at: time, by: actor, more: more, in: db)
        }
    }

    /// Takes one name off, in exactly this spelling, with its event.
    static func untag(
        _ digest: Digest,
        _ name: String,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue],
        in db: Database
    ) throws {
        try unname(digest, at: time, in: db)
        try db.execute(sql: "DELETE FROM image_tag WHERE reference = ?", arguments: [name])
        let members = more.merging(["removed": .string(name)]) { _, removed in removed }
        try EventRows.append(.image, digest: digest, at: time, by: actor, more: members, in: db)
    }

    /// Notes further blobs that an image reaches.
    static func add(_ blobs: Set<Digest>, to image: Digest, in db: Database) throws {
        for blob in blobs.sorted() {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO image_blob (image, digest) VALUES (?, ?)")
                .execute(arguments: [image.column, blob.column])
        }
    }

    /// The names of the images that reach a blob.
    static func references(reaching digest: Digest, in db: Database) throws -> [String] {
        let sql = "SELECT reference FROM image_blob JOIN image_tag USING (image) WHERE image_blob.digest = ?"
        return try String.fetchAll(db.cachedStatement(sql: sql), arguments: [digest.column])
    }

    /// The names of the images that reach a blob or hold a released file; the digest of one that has none, but not
    /// where only those are wanted that a name or a pin keeps.
    static func names(reaching digest: Digest, onlyKept: Bool = false, in db: Database) throws -> [String] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT image FROM image_blob WHERE digest = :digest
                UNION SELECT image FROM image_artifact WHERE digest = :digest
                """
        )
        let images = try Row.fetchAll(statement, arguments: ["digest": digest.column]).map { try $0.digest("image") }
        return try images.flatMap { image in
            let names = try String.fetchAll(
                db.cachedStatement(sql: "SELECT reference FROM image_tag WHERE image = ?"),
                arguments: [image.column]
            )
            if names.isEmpty, onlyKept, try !PinRows.exists(image, in: db) { return names }
            return names.isEmpty ? [image.description] : names
        }.sorted()
    }

    /// Notes when an image lost a name: the grace period of its blobs counts from there.
    static func unname(_ image: Digest, at time: Timestamp, in db: Database) throws {
        let sql = "UPDATE blob SET unnamed_at = ? WHERE digest IN (SELECT digest FROM image_blob WHERE image = ?)"
        try db.execute(sql: sql, arguments: [time.milliseconds, image.column])
    }

    private static func stored(_ row: Row, in db: Database) throws -> StoredImage {
        let digest = try row.digest("digest")
        let sizes = "SELECT coalesce(sum(size), 0) FROM image_blob JOIN blob USING (digest) WHERE image = ?"
        return StoredImage(
            digest: digest,
            mediaType: row["media_type"],
            addedAt: Timestamp(milliseconds: row["added_at"]),
            references: try String.fetchAll(
                db,
                sql: "SELECT reference FROM image_tag WHERE image = ? ORDER BY reference",
                arguments: [digest.column]
            ),
            size: try Int64.fetchOne(db, sql: sizes, arguments: [digest.column]) ?? 0
        )
    }
}
