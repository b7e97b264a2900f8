internal import ContentAddress

extension Store {
    /// Removes artifacts of a release: all, or those of one platform.
    ///
    /// Their keys stay closed for other bytes.
    ///
    /// The bytes stay until a collection finds that nothing else names them. Returns what was removed; throws
    /// ``StoreError/notFound(what:hint:)`` when there is nothing to remove.
    public func remove(
        _ release: ReleaseKey,
        platform: ArtifactPlatform? = nil,
        reason: String? = nil
    ) throws(StoreError) -> [Artifact] {
        let time = now
        return try index.write { db in
            let all = try ArtifactRows.list(release, in: db)
            let chosen = all.filter { platform == nil || $0.key.platform == platform }
            guard !chosen.isEmpty else { throw Self.nothing(of: release, platform: platform, among: all) }
            for artifact in chosen {
                let tombstone = Tombstone(
                    key: artifact.key,
                    digest: artifact.digest,
                    removedAt: time,
                    removedBy: options.actor,
                    reason: reason
                )
                try ArtifactRows.remove(artifact, leaving: tombstone, in: db)
                try BlobRows.noteUnnamed(artifact.digest, at: time, in: db)
                try EventRows.append(
                    .remove,
                    key: artifact.key,
                    digest: artifact.digest,
                    at: time,
                    by: options.actor,
                    more: reason.map { ["reason": .string($0)] } ?? [:],
                    in: db
                )
            }
            return chosen
        }
    }

    /// What to say when a release has no artifact of a platform: what it does have.
    public static func nothing(
        of release: ReleaseKey,
        platform: ArtifactPlatform?,
        among others: [Artifact]
    ) -> StoreError {
        guard let platform, !others.isEmpty else {
            return .notFound(what: "\(release)", hint: "`bindery ls \(release.name)` lists the versions that are.")
        }
        let platforms = others.map { "\($0.key.platform)" }.joined(separator: ", ")
        return .notFound(what: "\(release) for \(platform)", hint: "The release has \(platforms).")
    }
}
