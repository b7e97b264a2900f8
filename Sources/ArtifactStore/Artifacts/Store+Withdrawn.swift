package import ContentAddress
import GRDB
package import Release

extension Store {
    /// What was removed of a release and not put again.
    package func withdrawn(
        _ release: ReleaseKey,
        platform: ArtifactPlatform? = nil,
        file: ReleasePath? = nil
    ) throws(StoreError) -> [Tombstone] {
        try index.read { db in
            try ArtifactRows.tombstones(release, in: db).filter { stone in
                guard platform == nil || stone.key.platform == platform, file == nil || stone.key.file == file else {
                    return false
                }
                return try !ArtifactRows.isReleased(stone.key, in: db)
            }
        }
    }

    /// The releases of which anything was removed, whether or not it was put again.
    package func removedReleases() throws(StoreError) -> [ReleaseKey] {
        try index.read { try ArtifactRows.removedReleases(in: $0) }
    }

    /// The removed artifacts that had one of these bytes and weren't put again, by digest.
    package func withdrawn(_ digests: Set<Digest>) throws(StoreError) -> [Digest: [Tombstone]] {
        try index.read { db in
            var found: [Digest: [Tombstone]] = [:]
            for digest in try ArtifactRows.removed(among: digests, in: db) {
                let stones = try ArtifactRows.tombstones(with: digest, in: db)
                    .filter { try !ArtifactRows.isReleased($0.key, in: db) }
                if !stones.isEmpty { found[digest] = stones }
            }
            return found
        }
    }

    /// The audited images, as they were audited last, that hold a denied file, or a program of a removed release
    /// with which something was wrong, and that no release has any more.
    package func imagesWithWithdrawn() throws(StoreError) -> Set<Digest> {
        try index.read { db in
            var images: Set<Digest> = []
            for digest in try ArtifactRows.removed(in: db) {
                guard try ArtifactRows.list(with: digest, in: db).isEmpty else { continue }
                let stones = try ArtifactRows.tombstones(with: digest, in: db)
                guard stones.contains(where: { $0.key.isProgram && !$0.isNote }) else { continue }
                images.formUnion(try AuditRows.occurrences(of: digest, in: db).map(\.image))
            }
            for digest in try RevocationRows.denied(in: db) {
                images.formUnion(try AuditRows.occurrences(of: digest, in: db).map(\.image))
            }
            return images
        }
    }
}
