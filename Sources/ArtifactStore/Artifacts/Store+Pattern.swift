import GRDB
import OCI
import Release

extension Store {
    /// Some of the releases that follow any of the patterns, in the order of ``releasePage(of:after:limit:)``.
    ///
    /// Throws as that does.
    package func releasePage(
        matching patterns: [ReleasePattern],
        after position: ReleasePage.Position? = nil,
        limit: Int
    ) throws(StoreError) -> ReleasePage {
        let limit = max(1, limit)
        return try index.read { db in
            var found: [Release] = []
            for name in try Self.names(matching: patterns, in: db) {
                // One more than is asked for says whether there is a next page.
                guard found.count <= limit else { break }
                if let position, name.text < position.name.text { continue }
                let isSplit = position?.name == name
                let releases =
                    try isSplit
                    ? position.map { try Self.releases(behind: $0, in: db) } ?? []
                    : Self.releases(ArtifactRows.list(name, in: db))
                found += releases.filter { release in patterns.contains { $0.matches(release.key) } }
            }
            let page = Array(found.prefix(limit))
            return ReleasePage(releases: page, next: found.count > limit ? page.last?.key : nil)
        }
    }

    /// The names that may have releases of the patterns, in order.
    private static func names(matching patterns: [ReleasePattern], in db: Database) throws -> [RepositoryName] {
        let exact = patterns.compactMap(\.exactName)
        if exact.count == patterns.count { return Set(exact).sorted { $0.text < $1.text } }
        var names: [RepositoryName] = []
        var last: RepositoryName?
        while let next = try ArtifactRows.name(after: last, in: db) {
            if patterns.contains(where: { $0.matches(next) }) { names.append(next) }
            last = next
        }
        return names
    }
}
