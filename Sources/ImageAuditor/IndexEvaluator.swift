import ArtifactStore
import OCI
import Release

/// Evaluates the platforms of an index as one: the same releases on all, none missing, none beside.
struct IndexEvaluator {
    let store: Store
    let platforms: [PlatformAudit]
    /// Which releases the files of all platforms are.
    let explanation: ReleaseExplanation

    func findings() throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        let all = platforms.map(\.platform)
        for twice in Set(all.filter { platform in all.count(where: { $0 == platform }) > 1 }).sorted() {
            findings.append(Finding(.platformTwice, platform: twice, "several images of the index are for \(twice)"))
        }
        let names = Set(platforms.flatMap { $0.releases.map(\.name) }).sorted()
        for name in names {
            if let differing = differing(name) { findings += differing } else { findings += try missing(name) }
        }
        for platform in platforms where !names.isEmpty && platform.releases.isEmpty && platform.verdict != nil {
            let list = names.map(\.text).joined(separator: ", ")
            findings.append(
                Finding(
                    .platformExtra,
                    platform: platform.platform,
                    "nothing in it is released, beside \(list) elsewhere"
                )
            )
        }
        return findings
    }

    // No release explains all platforms.
    private func differing(_ name: RepositoryName) -> [Finding]? {
        guard explanation.mixed[name] != nil else { return nil }
        let versions = platforms.flatMap { platform in
            platform.releases.filter { $0.name == name }.map { (platform: platform.platform, version: $0.version) }
        }
        guard Set(versions.map(\.version)).count > 1 else { return [] }
        let list = versions.map { "\($0.version) on \($0.platform)" }.joined(separator: ", ")
        return [Finding(.releasesDiffer, "\(name) is \(list)", found: list)]
    }

    // Of several releases that explain the image, the one that it is most complete of.
    private func missing(_ name: RepositoryName) throws(StoreError) -> [Finding] {
        let present = Set(platforms.map(\.platform))
        var least: (release: ReleaseKey, missing: [Platform])?
        for version in explanation.ordered(name) {
            let release = ReleaseKey(name: name, version: version)
            let released = Set(try store.artifacts(of: release).map(\.key.platform)).sorted()
            let missing = released.compactMap(\.platform).filter { !present.contains("\($0)") }
            if missing.count < least?.missing.count ?? .max { least = (release, missing) }
        }
        guard let least else { return [] }
        return least.missing.map { platform in
            Finding(
                .platformMissing,
                "\(least.release) is also released for \(platform), which the index has no image for",
                expected: "\(platform)"
            )
        }
    }
}
