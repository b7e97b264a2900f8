import GRDB
package import OCI
import Release

extension Store {
    /// Some releases of one name, or of all: by name, then in the order of versions, as ``releases(of:)`` has them.
    ///
    /// The list goes on behind `position`, for at most `limit` releases, which is at least 1. A release that is put or
    /// removed between two pages doesn't move the others: none is given twice or left out. Reads the artifacts of the
    /// names that the page has, and no others. Throws ``StoreError/notFound(what:hint:)`` for a position behind a
    /// version that isn't there any more and has no place by semantic versioning.
    package func releasePage(
        of name: RepositoryName? = nil,
        after position: ReleasePage.Position? = nil,
        limit: Int
    ) throws(StoreError) -> ReleasePage {
        let limit = max(1, limit)
        return try index.read { db in
            var found: [Release] = []
            if let position, position.version != nil, name == nil || name == position.name {
                found = try Self.releases(behind: position, in: db)
            }
            if let name {
                // Behind another name's place there is all of this one, or nothing.
                let isBehind = position.map { name.text > $0.name.text } ?? true
                if isBehind { found = Self.releases(try ArtifactRows.list(name, in: db)) }
            } else {
                var last = position?.name
                // One more than is asked for says whether there is a next page.
                while found.count <= limit, let next = try ArtifactRows.name(after: last, in: db) {
                    found += Self.releases(try ArtifactRows.list(next, in: db))
                    last = next
                }
            }
            let page = Array(found.prefix(limit))
            return ReleasePage(releases: page, next: found.count > limit ? page.last?.key : nil)
        }
    }

    /// The releases of the position's name behind its version.
    static func releases(behind position: ReleasePage.Position, in db: Database) throws -> [Release] {
        guard let version = position.version else { return [] }
        let all = releases(try ArtifactRows.list(position.name, in: db))
        if let place = all.firstIndex(where: { $0.key.version == version }) { return Array(all[(place + 1)...]) }
        // Removed since the last page. A semantic version has its place all the same; what hasn't was ordered by a time
        // that went with it.
        guard version.isSemantic else {
            throw StoreError.notFound(
                what: "\(position.name)@\(version)",
                hint: "It was removed, or never there: go on behind another release, or behind all of \(position.name)."
            )
        }
        let time = Timestamp(milliseconds: 0)
        return all.filter { Version.precedes((version, time), ($0.key.version, $0.putAt)) }
    }
}
