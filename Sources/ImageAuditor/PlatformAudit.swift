import ArtifactStore
package import ContentAddress
import OCI
package import Release

/// The audit of one platform's image.
package struct PlatformAudit: Sendable {
    /// The platform as the config says, `linux/amd64`.
    package let platform: String
    package let manifest: Digest
    /// The config's digest: what engines call the image's ID.
    package let config: Digest
    /// The layers, lowest first.
    package let layers: [LayerFacts]
    /// What a container sees, without directories, in the order of paths.
    package private(set) var files: [AuditedFile]
    /// The directories that a container sees, in the order of paths; empty for an audit that was made again.
    package let directories: [AuditedFile]
    /// The releases that its files are; several of one name where each of them explains all its files.
    package private(set) var releases: [ReleaseKey]
    /// The known base that its lowest layers are; nil when there is none.
    package let base: KnownBase?
    /// The manifests that are known of that base.
    let baseDigests: Set<Digest>
    /// For each known base that files were copied out of, all forms that are known of it.
    let copiedBases: [[KnownBase]]
    /// What the programs say of themselves that no release has, as far as they were read.
    package let programs: [Digest: ProgramReading]
    /// How process 1 comes about; empty when nothing is run or it leads nowhere.
    package let entrypoint: [EntrypointStep]
    /// What was found, worst first.
    package let findings: [Finding]
    /// The sum; nil when the image is damaged.
    package let verdict: Verdict?
    /// What must be recorded so that it can be evaluated again.
    let evidence: PlatformEvidence

    /// The same audit with further findings.
    func adding(_ more: [Finding]) -> PlatformAudit {
        PlatformAudit(
            platform: platform,
            manifest: manifest,
            config: config,
            layers: layers,
            files: files,
            directories: directories,
            releases: releases,
            base: base,
            baseDigests: baseDigests,
            copiedBases: copiedBases,
            programs: programs,
            entrypoint: entrypoint,
            findings: (findings + more).sortedByWeight(),
            verdict: verdict,
            evidence: evidence
        )
    }

    /// For each content that is released and not the base's alone, the artifacts with these bytes that fit the platform.
    var releasedContents: [[Artifact]] {
        let platform = parsedPlatform
        let released = Dictionary(
            files.lazy.filter(\.identity.isReleased).compactMap { file in file.digest.map { ($0, file.artifacts) } }
        ) { first, _ in first }
        return released.values.map { $0.fitting(platform) }
    }

    /// The same audit with the releases that explain all platforms of the image.
    func explained(by whole: ReleaseExplanation) -> PlatformAudit {
        var audit = self
        let own = Set(releasedContents.joined().map(\.key.release))
        let differing = releases.filter { whole.mixed[$0.name] != nil }
        audit.releases = Set(whole.releases.filter(own.contains) + differing).inOrder()
        guard audit.releases != releases else { return audit }
        let platform = parsedPlatform
        var orders: [Digest: [Artifact]] = [:]
        for position in files.indices where files[position].artifacts.count > 1 {
            guard let digest = files[position].digest else { continue }
            let artifacts = orders[digest] ?? whole.ordered(files[position].artifacts, for: platform)
            orders[digest] = artifacts
            audit.files[position].artifacts = artifacts
            if files[position].identity.isReleased { audit.files[position].identity = .released(artifacts) }
        }
        return audit
    }

    private var parsedPlatform: Platform? {
        evidence.facts.isPlatformKnown ? try? Platform(parsing: platform) : nil
    }
}
