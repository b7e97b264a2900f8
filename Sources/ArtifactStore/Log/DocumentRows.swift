import ContentAddress
import GRDB
import OCI

/// Writes what the documents of images and referrers reach into an index that is made again.
struct DocumentRows {
    private let documents: StoredDocuments
    private let db: Database

    init(_ blobs: any BlobStorage, _ db: Database) {
        documents = StoredDocuments(blobs)
        self.db = db
    }

    func write() throws {
        for digest in try digests("image") {
            guard let reach = try documents.reach(digest) else { continue }
            try db.execute(
                sql: "UPDATE image SET media_type = ? WHERE digest = ?",
                arguments: [reach.mediaType, digest.column]
            )
            let released = try ArtifactRows.released(among: reach.named, in: db)
            try insert(reach.blobs.union(reach.named.subtracting(released)), "image_blob (image, digest)", of: digest)
            for artifact in released.sorted() {
                try db.cachedStatement(sql: "INSERT OR IGNORE INTO image_artifact (image, digest) VALUES (?, ?)")
                    .execute(arguments: [digest.column, artifact.column])
            }
        }
        for digest in try digests("referrer") {
            guard let reach = try documents.reach(digest) else { continue }
            try insert(reach.blobs, "referrer_blob (referrer, digest)", of: digest)
        }
    }

    private func digests(_ table: String) throws -> [Digest] {
        try Row.fetchAll(db, sql: "SELECT digest FROM \(table) ORDER BY digest").map { try $0.digest("digest") }
    }

    /// Notes the blobs that are there; a layer's long recipe is one that only an annotation names.
    private func insert(_ blobs: Set<Digest>, _ columns: String, of owner: Digest) throws {
        for blob in blobs.sorted() {
            guard let size = try documents.blobs.size(of: blob) else { continue }
            let time = Timestamp(milliseconds: 0)
            try BlobRows.insert(blob, size: size, at: time, in: db)
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO \(columns) VALUES (?, ?)")
                .execute(arguments: [owner.column, blob.column])
        }
    }
}
