import ContentAddress
import GRDB
import OCI

/// The table of images' names, read by repository.
enum RepositoryRows {
    /// The tags that the names of a repository have, in the order of their bytes, behind `last`, at most `limit`.
    static func tags(
        of repository: String,
        after last: String,
        limit: Int,
        in db: Database
    ) throws -> [(tag: Tag, image: Digest)] {
        let statement = try db.cachedStatement(
            sql: "SELECT reference, image FROM image_tag WHERE reference > ? AND reference < ? ORDER BY reference"
        )
        var tags: [(tag: Tag, image: Digest)] = []
        let rows = try Row.fetchCursor(statement, arguments: [repository + ":" + last, repository + ";"])
        while tags.count < limit, let row = try rows.next() {
            guard let tag = tag(row["reference"], of: repository) else { continue }
            tags.append((tag, try row.digest("image")))
        }
        return tags
    }

    /// The images that a repository has a name for and that reach a blob.
    static func images(of repository: String, reaching digest: Digest, in db: Database) throws -> [Digest] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT reference, image_tag.image AS image FROM image_blob JOIN image_tag ON image_tag.image = image_blob.image
                WHERE image_blob.digest = ? AND reference > ? AND reference < ? ORDER BY reference
                """
        )
        let names = [digest.column, repository + ":", repository + ";"] as StatementArguments
        var images: [Digest] = []
        for row in try Row.fetchAll(statement, arguments: names) where tag(row["reference"], of: repository) != nil {
            let image = try row.digest("image")
            if !images.contains(image) { images.append(image) }
        }
        return images
    }

    // `localhost:5000/app:1` lies between the names of the repository `localhost`, and isn't one of them.
    private static func tag(_ reference: String, of repository: String) -> Tag? {
        try? Tag(parsing: reference.dropFirst(repository.count + 1))
    }
}
