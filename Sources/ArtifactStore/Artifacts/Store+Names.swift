import GRDB
package import OCI
package import Release

/// The releases of one name, in short.
package struct ReleasedName: Hashable, Sendable {
    package let name: RepositoryName
    /// How many versions there are, and files of all of them.
    package let versions: Int
    package let files: Int
    /// The version that was put last, and when.
    package let lastVersion: Version
    package let lastPutAt: Timestamp
}

/// One version of a name, in short.
package struct ReleasedVersion: Hashable, Sendable {
    package let version: Version
    /// When its first file was put.
    package let putAt: Timestamp
}

extension Store {
    /// The names of releases in the order of their bytes, behind one of them, at most `limit`.
    package func releasedNames(after name: RepositoryName? = nil, limit: Int) throws(StoreError) -> [ReleasedName] {
        try index.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT name, version, count(DISTINCT version) AS versions, count(*) AS files, max(put_at) AS put_at
                        FROM artifact WHERE name > ? GROUP BY name ORDER BY name LIMIT ?
                        """
                ),
                arguments: [name?.text ?? "", limit]
            ).map { row in
                ReleasedName(
                    name: try RepositoryName(parsing: row["name"] as String),
                    versions: row["versions"],
                    files: row["files"],
                    // SQLite: a bare column beside max() is of the row that has the maximum.
                    lastVersion: try Version(parsing: row["version"] as String),
                    lastPutAt: Timestamp(milliseconds: row["put_at"])
                )
            }
        }
    }

    /// The versions of a name, the newest first; empty where there is no such name.
    package func versions(of name: RepositoryName) throws(StoreError) -> [ReleasedVersion] {
        let versions = try index.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT version, min(put_at) AS put_at FROM artifact WHERE name = ? GROUP BY version"
                ),
                arguments: [name.text]
            ).map { row in
                ReleasedVersion(
                    version: try Version(parsing: row["version"] as String),
                    putAt: Timestamp(milliseconds: row["put_at"])
                )
            }
        }
        return Version.inOrder(versions) { ($0.version, $0.putAt) }.reversed()
    }

    /// How many names and files releases have.
    package func releaseCounts() throws(StoreError) -> (names: Int, files: Int) {
        try index.read { db in
            let names = try Int.fetchOne(db, sql: "SELECT count(*) FROM (\(Self.distinctNames))") ?? 0
            return (names, try Int.fetchOne(db, sql: "SELECT count(*) FROM artifact") ?? 0)
        }
    }

    /// Each name of a release once, by one look-up each: the index has a row for each file.
    static let distinctNames = """
        WITH RECURSIVE one (name) AS (
            SELECT min(name) FROM artifact
            UNION ALL SELECT (SELECT min(name) FROM artifact WHERE name > one.name) FROM one WHERE one.name IS NOT NULL
        ) SELECT name FROM one WHERE name IS NOT NULL
        """
}
