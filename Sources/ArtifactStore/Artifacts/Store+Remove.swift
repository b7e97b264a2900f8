import ContentAddress
import GRDB
import OCI
package import Release

extension Store {
    /// Removes artifacts of a release: all, or those of one platform or one path.
    ///
    /// Their keys stay closed for other bytes.
    ///
    /// The bytes stay until a collection finds that nothing else names them. Returns what was removed; throws
    /// ``StoreError/notFound(what:hint:)`` when there is nothing to remove, and, unless it is forced,
    /// ``StoreError/held(_:by:)`` when an image holds one of the files or a pin keeps it.
    package func remove(
        _ release: ReleaseKey,
        platform: ArtifactPlatform? = nil,
        file: ReleasePath? = nil,
        reason: String? = nil,
        force: Bool = false
    ) throws(StoreError) -> [Artifact] {
        try writeFreeing { db in
            let all = try ArtifactRows.list(release, in: db)
            let chosen = all.choosing(platform: platform, file: file)
            guard !chosen.isEmpty else { throw Self.nothing(of: release, platform: platform, file: file, among: all) }
            if !force {
                for artifact in chosen {
                    let holders = try Self.holders(of: artifact.digest, in: db)
                    guard holders.isEmpty else { throw StoreError.held(artifact, by: holders) }
                }
            }
            try withdraw(chosen, reason: reason, at: now, in: db)
            return chosen
        }
    }

    /// What stands against the removal of a file: images that keep it, a pin.
    private static func holders(of digest: Digest, in db: Database) throws -> [String] {
        let images = try ImageRows.names(reaching: digest, onlyKept: true, in: db).map { "the image \($0)" }
        return images + (try PinRows.exists(digest, in: db) ? ["a pin"] : [])
    }

    /// Removes artifacts in a transaction: rows, tombstones, events.
    func withdraw(_ artifacts: [Artifact], reason: String?, at time: Timestamp, in db: Database) throws {
        for artifact in artifacts {
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
    }

    /// What to say when a release has no artifact of a platform: what it does have.
    package static func nothing(
        of release: ReleaseKey,
        platform: ArtifactPlatform?,
        file: ReleasePath? = nil,
        among others: [Artifact]
    ) -> StoreError {
        guard !others.isEmpty, platform != nil || file != nil else {
            return .notFound(what: "\(release)", hint: "run `bindery ls \(release.name)` to list its versions")
        }
        let what = (file.map { "\($0) of " } ?? "") + "\(release)" + (platform.map { " for \($0)" } ?? "")
        let there = file == nil ? others.platforms : others.map { "\($0.key.platform) \($0.key.file)" }
        let more = there.count > 8 ? " and \(there.count - 8) more" : ""
        return .notFound(what: what, hint: "the release has \(there.prefix(8).joined(separator: ", "))\(more)")
    }
}

extension [Artifact] {
    /// Those for one platform, and at one path of the release; nil for all.
    package func choosing(platform: ArtifactPlatform?, file: ReleasePath? = nil) -> [Artifact] {
        filter { (platform == nil || $0.key.platform == platform) && (file == nil || $0.key.file == file) }
    }

    /// The platforms that they are for, each once, in order.
    package var platforms: [String] { Set(map(\.key.platform)).sorted().map(\.description) }
}
