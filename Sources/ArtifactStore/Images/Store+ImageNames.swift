package import ContentAddress
import GRDB
package import OCI

/// A name of an image.
package struct ImageName: Hashable, Sendable {
    package let reference: String
    package let image: Digest
    /// When it came to lead to this image.
    package let movedAt: Timestamp
}

extension Store {
    /// The names of images in the order of their bytes, behind one of them, at most `limit`.
    package func imageNames(after reference: String = "", limit: Int) throws(StoreError) -> [ImageName] {
        try index.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql:
                        "SELECT reference, image, moved_at FROM image_tag WHERE reference > ? ORDER BY reference LIMIT ?"
                ),
                arguments: [reference, limit]
            ).map { row in
                ImageName(
                    reference: row["reference"],
                    image: try row.digest("image"),
                    movedAt: Timestamp(milliseconds: row["moved_at"])
                )
            }
        }
    }

    /// The images without a name, by digest, at most `limit`.
    package func unnamedImages(limit: Int) throws(StoreError) -> [Digest] {
        try index.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT digest FROM image WHERE digest NOT IN (SELECT image FROM image_tag) ORDER BY digest LIMIT ?
                    """,
                arguments: [limit]
            ).map { try $0.digest("digest") }
        }
    }

    /// The image with the digest of an index or manifest; nil where the store has none.
    package func storedImage(_ digest: Digest) throws(StoreError) -> StoredImage? {
        try index.read { try ImageRows.image(digest, in: $0) }
    }

    /// How many images the store has.
    package func imageCount() throws(StoreError) -> Int {
        try index.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM image") ?? 0 }
    }

    /// The images of the store that reach a blob or hold a released file, at most `limit`.
    package func storedImages(with digest: Digest, limit: Int) throws(StoreError) -> [StoredImage] {
        try index.read { db in
            try ImageRows.images(with: digest, in: db).sorted().prefix(limit).compactMap {
                try ImageRows.image($0, in: db)
            }
        }
    }
}
