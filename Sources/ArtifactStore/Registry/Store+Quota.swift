package import ContentAddress
import GRDB

extension Store {
    /// The bytes of the blobs that a repository has: pushed and mounted ones, and what its images reach, each once.
    ///
    /// `spellings` are what stands before the tag in its images' names; `blob` counts too, where the store has it.
    package func size(
        ofRepository repository: String,
        _ spellings: [String],
        with blob: Digest? = nil
    ) throws(StoreError) -> Int64 {
        try index.read { try PushRows.size(of: repository, spellings, with: blob, in: $0) }
    }

    /// The bytes of all blobs.
    package func totalSize() throws(StoreError) -> Int64 {
        try index.read { try Int64.fetchOne($0, sql: "SELECT coalesce(sum(size), 0) FROM blob") ?? 0 }
    }
}

extension PushRows {
    fileprivate static func size(
        of repository: String,
        _ spellings: [String],
        with blob: Digest?,
        in db: Database
    ) throws -> Int64 {
        var parts = [
            "SELECT digest FROM repository_blob WHERE repository = ?",
            """
            SELECT image_blob.digest FROM repository_manifest
            JOIN image_blob ON image_blob.image = repository_manifest.digest WHERE repository = ?
            """,
        ]
        var arguments: StatementArguments = [repository, repository]
        for spelling in spellings {
            parts.append(
                """
                SELECT image_blob.digest FROM image_tag JOIN image_blob USING (image)
                WHERE reference > ? AND reference < ?
                """
            )
            arguments += [spelling + ":", spelling + ";"]
        }
        if let blob {
            parts.append("SELECT ?")
            arguments += [blob.column]
        }
        let sql = """
            SELECT coalesce(sum(size), 0) FROM blob WHERE digest IN (\(parts.joined(separator: " UNION ")))
            """
        return try Int64.fetchOne(db, sql: sql, arguments: arguments) ?? 0
    }
}
