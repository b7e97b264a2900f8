package import ContentAddress
import GRDB
package import OCI
package import Release

/// What a few letters lead to.
package struct SearchResult: Sendable {
    /// The digests that begin with the text, at most ten.
    package var digests: [Digest] = []
    /// Names of releases that have the text in them.
    package var names: [RepositoryName] = []
    /// Releases whose version begins with the text, or the one that it is.
    package var releases: [ReleaseKey] = []
    /// Names of images that have the text in them.
    package var images: [String] = []
    /// Files of releases that have the text in their path.
    package var files: [ArtifactKey] = []
    /// Digests of programs in audited images that have the text as their name.
    package var programs: [Digest] = []
}

extension Store {
    /// Looks a text up: a digest or 7 of its digits, names and versions of releases, names of images, paths of released files,
    /// names of programs in audited images; at most `limit` of each.
    package func search(_ text: String, limit: Int) throws(StoreError) -> SearchResult {
        var result = SearchResult()
        if let digest = try? Digest(parsing: text) { result.digests = [digest] }
        if let prefix = DigestPrefix(text) { result.digests = try digests(in: prefix.range) }
        let sought = try? ReleaseKey(parsing: text)
        // Names have no capital letters.
        let lower = text.lowercased()
        return try index.read { db in
            result.names = try String.fetchAll(
                db.cachedStatement(
                    sql: "SELECT name FROM (\(Self.distinctNames)) WHERE instr(name, ?) > 0 ORDER BY name LIMIT ?"
                ),
                arguments: [lower, limit]
            ).map { try RepositoryName(parsing: $0) }
            if let sought {
                if try !ArtifactRows.list(sought, in: db).isEmpty { result.releases = [sought] }
            } else if let version = try? Version(parsing: text) {
                result.releases = try Self.releases(beginningWith: version.text, limit: limit, in: db)
            }
            result.images = try String.fetchAll(
                db.cachedStatement(
                    sql: "SELECT reference FROM image_tag WHERE instr(reference, ?) > 0 ORDER BY reference LIMIT ?"
                ),
                arguments: [text, limit]
            )
            result.files = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT name, version, platform, file FROM artifact
                        WHERE instr(file, ?) > 0 AND instr(name, file) = 0 LIMIT ?
                        """
                ),
                arguments: [text, limit]
            ).map { try ArtifactRows.key($0) }
            result.programs = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT digest FROM audit_name JOIN audit_content ON audit_content.id = audit_name.content
                        WHERE name = CAST(? AS BLOB) LIMIT ?
                        """
                ),
                arguments: [text.split(separator: "/").last.map(String.init) ?? text, limit]
            ).map { try $0.digest("digest") }
            return result
        }
    }

    private static func releases(beginningWith version: String, limit: Int, in db: Database) throws -> [ReleaseKey] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT DISTINCT name, version FROM artifact WHERE substr(version, 1, ?) = ?
                    ORDER BY name, version LIMIT ?
                    """
            ),
            arguments: [version.unicodeScalars.count, version, limit]
        ).map { row in
            ReleaseKey(
                name: try RepositoryName(parsing: row["name"] as String),
                version: try Version(parsing: row["version"] as String)
            )
        }
    }
}
