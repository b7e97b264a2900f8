package import ContentAddress
import GRDB
package import Release

extension Store {
    /// An archive that was packed, and how: see ``PackedArchive``.
    package typealias NewArchive = (
        platform: ArtifactPlatform, fileName: String, digest: Digest, size: Int64, recipe: String
    )

    /// Keeps archives that were packed from a release, as long as all of its files are there.
    ///
    /// Their bytes are in the batch. Those that are kept already are left as they are. Throws ``StoreError``; a crash or an
    /// error leaves at most blobs that no row names.
    package func keep(
        _ archives: [NewArchive],
        of release: ReleaseKey,
        from batch: BlobBatch
    ) throws(StoreError) {
        let packed = archives.map { archive in
            PackedArchive(
                release: release,
                platform: archive.platform,
                fileName: archive.fileName,
                digest: archive.digest,
                size: archive.size,
                recipe: archive.recipe,
                packedAt: now,
                packedBy: options.actor
            )
        }
        try commit(batch, image: nil, packed: packed)
    }

    /// The archives that were packed from a release and are kept, by name.
    package func packedArchives(of release: ReleaseKey) throws(StoreError) -> [PackedArchive] {
        try index.read { try PackedRows.list(release, in: $0) }
    }

    /// For each of many digests, the archives with these bytes that were packed from a release; no entry where there is none.
    package func packedArchives(withAnyOf digests: Set<Digest>) throws(StoreError) -> [Digest: [PackedArchive]] {
        try index.read { db in
            // Most stores have none, and an image may have many files.
            guard try PackedRows.hasAny(in: db) else { return [:] }
            var found: [Digest: [PackedArchive]] = [:]
            for digest in digests {
                let archives = try PackedRows.list(with: digest, in: db)
                if !archives.isEmpty { found[digest] = archives }
            }
            return found
        }
    }
}
