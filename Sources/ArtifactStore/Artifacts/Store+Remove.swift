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
        isHarmless: Bool = false,
        force: Bool = false
    ) throws(StoreError) -> [Artifact] {
        let removal = Removal.release(release, platform: platform, file: file)
        let outcomes = try remove([removal], reason: reason, isHarmless: isHarmless, force: force)
        return outcomes.flatMap { outcome -> [Artifact] in
            if case .artifacts(let artifacts) = outcome { artifacts } else { [] }
        }
    }

    /// Removes releases, names of images and images in one transaction: all of them or, when one can't be, none.
    ///
    /// What is named twice is removed once, and a release whose images go in the same call isn't held by them. The
    /// result has the order of the removals. Throws what ``remove(_:platform:file:reason:force:)`` throws, and
    /// ``StoreError/several(_:)`` when more than one can't be removed.
    package func remove(
        _ removals: [Removal],
        reason: String? = nil,
        isHarmless: Bool = false,
        force: Bool = false
    ) throws(StoreError) -> [Removal.Outcome] {
        var first: [Removal: Int] = [:]
        for (place, removal) in removals.enumerated() { first[removal] = first[removal] ?? place }
        let ordered = first.sorted { ($0.key.rank, $0.value) < ($1.key.rank, $1.value) }
        let why = Why(reason: reason, isHarmless: isHarmless)
        return try writeFreeing { db in
            let time = now
            var outcomes: [(place: Int, outcome: Removal.Outcome)] = []
            var problems: [(place: Int, error: StoreError)] = []
            for (removal, place) in ordered {
                do {
                    outcomes.append((place, try remove(removal, why, force: force, at: time, in: db)))
                } catch let error as StoreError {
                    problems.append((place, error))
                }
            }
            let errors = problems.sorted { $0.place < $1.place }.map(\.error)
            if let error = errors.first { throw errors.count == 1 ? error : StoreError.several(errors) }
            return outcomes.sorted { $0.place < $1.place }.map(\.outcome)
        }
    }

    private func remove(
        _ removal: Removal,
        _ why: Why,
        force: Bool,
        at time: Timestamp,
        in db: Database
    ) throws -> Removal.Outcome {
        switch removal {
        case .image(let reference):
            guard let digest = try removeImage(reference, reason: why.reason, at: time, in: db) else {
                throw try Self.noImage(reference, in: db)
            }
            return .image(reference, digest)
        case .draft(let release, let platform, let file):
            return .artifacts(try discard(release, platform: platform, file: file, at: time, in: db))
        case .release(let release, let platform, let file):
            let all = try ArtifactRows.list(release, in: db)
            let chosen = all.choosing(platform: platform, file: file)
            guard !chosen.isEmpty else {
                throw try Self.nothing(of: release, platform: platform, file: file, among: all, in: db)
            }
            let held =
                try force
                ? []
                : chosen.compactMap { artifact -> StoreError? in
                    let holders = try Self.holders(of: artifact.digest, in: db)
                    return holders.isEmpty ? nil : .held(artifact, by: holders)
                }
            if let error = held.first { throw error }
            try withdraw(chosen, why, at: time, in: db)
            return .artifacts(chosen)
        }
    }

    /// What stands against the removal of a file: images that keep it, a pin.
    private static func holders(of digest: Digest, in db: Database) throws -> [String] {
        let images = try ImageRows.names(reaching: digest, onlyKept: true, in: db).map { "the image \($0)" }
        return images + (try PinRows.exists(digest, in: db) ? ["a pin"] : [])
    }

    /// Why artifacts are removed.
    struct Why {
        let reason: String?
        /// Whether nothing is wrong with them.
        let isHarmless: Bool
    }

    /// Removes artifacts in a transaction: rows, tombstones, events.
    func withdraw(_ artifacts: [Artifact], _ why: Why, at time: Timestamp, in db: Database) throws {
        var members: [String: JSONValue] = [:]
        if let reason = why.reason { members["reason"] = .string(reason) }
        if why.isHarmless { members["harmless"] = .bool(true) }
        for artifact in artifacts {
            let tombstone = Tombstone(
                key: artifact.key,
                digest: artifact.digest,
                removedAt: time,
                removedBy: options.actor,
                reason: why.reason,
                isHarmless: why.isHarmless
            )
            try ArtifactRows.remove(artifact, leaving: tombstone, in: db)
            try BlobRows.noteUnnamed(artifact.digest, at: time, in: db)
            try EventRows.append(
                .remove,
                key: artifact.key,
                digest: artifact.digest,
                at: time,
                by: options.actor,
                more: members,
                in: db
            )
        }
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
