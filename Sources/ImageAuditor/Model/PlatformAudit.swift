public import ArtifactStore
public import ContentAddress

/// The audit of one platform's image.
public struct PlatformAudit: Sendable {
    /// The platform as the config says, `linux/amd64`.
    public let platform: String
    /// The manifest's digest.
    public let manifest: Digest
    /// The config's digest: what engines call the image's ID.
    public let config: Digest
    /// The layers, lowest first.
    public let layers: [LayerFacts]
    /// What a container sees, without folders, in the order of paths.
    public let files: [AuditedFile]
    /// The release that each released name in it has.
    public let releases: [ReleaseKey]
    /// The known base that its lowest layers are; nil when there is none.
    public let base: KnownBase?
    /// What the programs say of themselves that no release has, as far as they were read.
    public let programs: [Digest: ProgramReading]
    /// How process 1 comes about; empty when nothing is run or it leads nowhere.
    public let entrypoint: [EntrypointStep]
    /// What was found, worst first.
    public let findings: [Finding]
    /// The sum; nil when the image is damaged.
    public let verdict: Verdict?
    /// What must be recorded so that it can be judged again.
    let evidence: PlatformEvidence

    /// The same audit with further findings.
    func adding(_ more: [Finding]) -> PlatformAudit {
        PlatformAudit(
            platform: platform,
            manifest: manifest,
            config: config,
            layers: layers,
            files: files,
            releases: releases,
            base: base,
            programs: programs,
            entrypoint: entrypoint,
            findings: (findings + more).sortedByWeight(),
            verdict: verdict,
            evidence: evidence
        )
    }
}
