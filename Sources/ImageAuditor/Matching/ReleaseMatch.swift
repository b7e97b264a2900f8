internal import ArtifactStore
internal import ContentAddress
internal import OCI

/// Which release each released name in an image has.
///
/// A digest may be released under several keys (the same bytes in two versions, or under two names), so the versions of
/// all files of one name are intersected.
struct ReleaseMatch {
    /// For each digest that is released, its artifacts.
    let artifacts: [Digest: [Artifact]]
    /// The chosen version for each name.
    private(set) var chosen: [RepositoryName: Version] = [:]
    /// Names whose files have no version in common.
    private(set) var mixed: [RepositoryName: Set<Version>] = [:]

    /// Chooses for the digests that are effective in an image.
    init(_ artifacts: [Digest: [Artifact]], effective: Set<Digest>, platform: Platform?, expected: [ReleaseKey]) {
        self.artifacts = artifacts
        let released = effective.compactMap { artifacts[$0] }
        // A file that has one name only decides for it; one with several names decides for none but these.
        for name in Set(released.flatMap { $0.map(\.key.name) }) {
            let files = released.map { $0.filter { $0.key.name == name } }.filter { !$0.isEmpty }
            let fitting = files.map { file in
                let fits = file.filter { $0.fits(platform) }
                return Set((fits.isEmpty ? file : fits).map(\.key.version))
            }
            let common = fitting.dropFirst().reduce(fitting.first ?? []) { $0.intersection($1) }
            if common.isEmpty {
                mixed[name] = fitting.reduce(into: []) { $0.formUnion($1) }
            } else {
                let wanted = expected.first { $0.name == name && common.contains($0.version) }?.version
                let newest = files.flatMap(\.self).filter { common.contains($0.key.version) }
                    .max { $0.putAt < $1.putAt }?.key.version
                chosen[name] = wanted ?? newest
            }
        }
    }

    /// The artifacts of a digest, the one that fits the image best first.
    func ordered(_ digest: Digest, platform: Platform?) -> [Artifact]? {
        artifacts[digest].map { all in
            all.sorted { left, right in rank(left, platform) < rank(right, platform) }
        }
    }

    private func rank(_ artifact: Artifact, _ platform: Platform?) -> Int {
        (chosen[artifact.key.name] == artifact.key.version ? 0 : 1) + (artifact.fits(platform) ? 0 : 2)
    }

    /// The chosen releases, by name.
    var releases: [ReleaseKey] {
        chosen.map { ReleaseKey(name: $0.key, version: $0.value) }.sorted { $0.description < $1.description }
    }
}

extension Artifact {
    /// Whether it may stand in an image of a platform: released for it, for all, or for an older variant of it.
    func fits(_ platform: Platform?) -> Bool {
        guard let own = key.platform.platform, let platform else { return true }
        guard own.os == platform.os, own.architecture == platform.architecture else { return false }
        guard let needed = own.variant else { return true }
        return needed <= (platform.variant ?? needed)
    }
}
