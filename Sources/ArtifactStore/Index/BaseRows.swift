import ContentAddress
import Foundation
import GRDB
import OCI

/// The table of images that others may be built on.
enum BaseRows {
    static let table = """
        CREATE TABLE base (
            image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
            manifest BLOB NOT NULL CHECK (length(manifest) = 32),
            diff_ids BLOB NOT NULL CHECK (length(diff_ids) > 0 AND length(diff_ids) % 32 = 0),
            marked_at INTEGER NOT NULL,
            marked_by TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (image, manifest)
        ) STRICT, WITHOUT ROWID;
        """

    static func isMarked(_ mark: BaseMark, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM base WHERE image = ? AND manifest = ?)"
        )
        return try Bool.fetchOne(statement, arguments: [mark.image.column, mark.manifest.column]) ?? false
    }

    /// Marks a base, with its event; does nothing for one that is marked, is not in the store or has no layer.
    @discardableResult
    static func insert(_ mark: BaseMark, at time: Timestamp, by actor: String, in db: Database) throws -> Bool {
        guard !mark.diffIDs.isEmpty, try ImageRows.exists(mark.image, in: db), try !isMarked(mark, in: db) else {
            return false
        }
        try db.execute(
            sql: "INSERT INTO base (image, manifest, diff_ids, marked_at, marked_by, reason) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                mark.image.column, mark.manifest.column, Data(mark.diffIDs.flatMap(\.bytes)), time.milliseconds, actor,
                mark.reason,
            ]
        )
        try EventRows.append(
            .base,
            digest: mark.image,
            at: time,
            by: actor,
            more: ["manifest": .string(mark.manifest.description), "reason": .string(mark.reason)],
            in: db
        )
        return true
    }

    static func all(in db: Database) throws -> [KnownBaseImage] {
        // An index that is read and not migrated: what the migration would mark.
        guard try db.tableExists("base", in: "main") else {
            return try BaseMigration.marks(in: db).map { try known($0.image, $0.manifest, $0.diffIDs, in: db) }
        }
        return try Row.fetchAll(db, sql: "SELECT image, manifest, diff_ids FROM base ORDER BY image, manifest").map {
            let diffIDs = try AuditEvidenceRows.digests($0["diff_ids"])
            return try known(try $0.digest("image"), try $0.digest("manifest"), diffIDs, in: db)
        }
    }

    private static func known(
        _ image: Digest,
        _ manifest: Digest,
        _ diffIDs: [Digest],
        in db: Database
    ) throws -> KnownBaseImage {
        let sql = "SELECT min(reference) FROM image_tag WHERE image = ?"
        let name = try String.fetchOne(db.cachedStatement(sql: sql), arguments: [image.column])
        return KnownBaseImage(name: name ?? image.description, manifest: manifest, diffIDs: diffIDs)
    }
}
