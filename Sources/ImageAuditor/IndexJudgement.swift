internal import ArtifactStore
internal import OCI

/// Judges the platforms of an index as one: the same releases on all, none missing, none beside.
struct IndexJudgement {
    let store: Store
    let platforms: [PlatformAudit]

    func findings() throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        let all = platforms.map(\.platform)
        for twice in Set(all.filter { platform in all.count(where: { $0 == platform }) > 1 }).sorted() {
            findings.append(Finding(.platformTwice, platform: twice, "several images of the index are for \(twice)"))
        }
        let names = Set(platforms.flatMap { $0.releases.map(\.name) }).sorted()
        for name in names { findings += try judge(name) }
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

    private func judge(_ name: RepositoryName) throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        let versions = platforms.compactMap { platform in
            platform.releases.first { $0.name == name }.map { (platform: platform.platform, version: $0.version) }
        }
        if Set(versions.map(\.version)).count > 1 {
            let list = versions.map { "\($0.version) on \($0.platform)" }.joined(separator: ", ")
            findings.append(Finding(.releasesDiffer, "\(name) is \(list)", found: list))
        } else if let version = versions.first?.version {
            let present = Set(platforms.map(\.platform))
            let release = ReleaseKey(name: name, version: version)
            for artifact in try store.artifacts(of: release) {
                guard let platform = artifact.key.platform.platform, !present.contains("\(platform)") else { continue }
                findings.append(
                    Finding(
                        .platformMissing,
                        "\(release) is also released for \(platform), which the index has no image for",
                        expected: "\(platform)"
                    )
                )
            }
        }
        return findings
    }
}
