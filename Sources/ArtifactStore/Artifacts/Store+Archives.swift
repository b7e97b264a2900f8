package import ContentAddress
import GRDB

extension Store {
    /// For each of many digests, the released archives that hold a file of these bytes; no entry where there are none.
    package func archives(holding digests: Set<Digest>) throws(StoreError) -> [Digest: [ArchivedFile]] {
        try index.read { db in
            var found: [Digest: [ArchivedFile]] = [:]
            for digest in try ArchiveRows.held(among: digests, in: db) {
                let files = try ArchiveRows.places(of: digest, in: db).flatMap { place in
                    try ArtifactRows.list(with: place.archive, in: db).map {
                        ArchivedFile(archive: $0, path: place.path)
                    }
                }
                if !files.isEmpty { found[digest] = files }
            }
            return found
        }
    }

    /// The files of an archive that is released, in its order; empty for what isn't one.
    package func members(of archive: Digest) throws(StoreError) -> [ArchiveContents.Member] {
        try index.read { try ArchiveRows.members(of: archive, in: $0) }
    }

    /// Those archives among some digests that need not be read again.
    func archivesRead(_ digests: [Digest]) throws(StoreError) -> Set<Digest> {
        try index.read { db in try Set(digests.filter { try ArchiveRows.isRead($0, in: db) }) }
    }
}
