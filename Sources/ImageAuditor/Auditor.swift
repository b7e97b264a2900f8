public import ArtifactStore
internal import ContentAddress
public import ImageTransport
internal import OCI

/// Says of an image which released binaries are in it, from its bytes.
///
/// For each platform the layers are streamed once, bottom to top, folded into the file system that a container would
/// see, and each file's digest is looked up in the store. Blocks; several audits may run at once.
public struct Auditor: Sendable {
    private let store: Store
    private let options: AuditOptions

    /// An auditor against a store.
    public init(store: Store, options: AuditOptions = AuditOptions()) {
        self.store = store
        self.options = options
    }

    /// Audits an image or index.
    ///
    /// What is wrong in the image becomes a ``Finding``. Throws ``AuditError`` when the image can't be opened or read
    /// at all, the store can't be asked, an expected release is in no store, or the index lacks the platform asked for.
    public func audit(_ source: any ImageSource) throws(AuditError) -> ImageAudit {
        do {
            return try run(source)
        } catch let error as AuditError {
            throw error
        } catch let error as TransportError {
            throw .transport(error)
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .transport(.document(what: source.name, reason: "\(error)"))
        }
    }

    private func run(_ source: any ImageSource) throws -> ImageAudit {
        let root = try source.root()
        let children = try IndexReading(root, source, platform: options.platform)
        let names = ReleasedNames(try store.releasedFileNames())
        var options = options
        options.bases += try KnownBase.all(in: store)
        var platforms: [PlatformAudit] = []
        for child in children.images { platforms.append(try audit(child, source, names, options)) }
        var findings = children.findings
        if MediaType.isIndex(root.mediaType), options.platform == nil {
            findings += try IndexJudgement(store: store, platforms: platforms).findings()
        }
        return ImageAudit(
            reference: source.name,
            digest: root.digest,
            mediaType: root.mediaType,
            platforms: platforms,
            findings: findings.sortedByWeight(),
            attestationCount: children.attestationCount,
            verdict: Self.sum(platforms, findings)
        )
    }

    private func audit(
        _ child: IndexReading.Child,
        _ source: any ImageSource,
        _ names: ReleasedNames,
        _ options: AuditOptions
    ) throws -> PlatformAudit {
        let image = try PlatformImage(child.document, of: source, options: options)
        var findings = image.findings
        if let claimed = child.claimed, let own = image.parsedPlatform, claimed != own {
            findings.append(
                Finding(
                    .platformClaim,
                    "the index offers it for \(claimed), its config says \(own)",
                    found: "\(claimed)",
                    expected: "\(own)"
                )
            )
        }
        let matcher = try FileMatcher(image, store: store, options: options, names: names)
        var entrypoint: [EntrypointStep] = []
        var programs: [Digest: BinaryFacts] = [:]
        if !image.isDamaged {
            findings += try matcher.findings()
            let unknown = try unknownPrograms(matcher, source, names)
            programs = unknown
            findings += try altered(matcher, unknown)
            let walk = EntrypointWalk(image, files: matcher.files) { digest in
                unknown[digest]?.elf ?? (try? store.binaryFacts(of: digest))?.elf
            }
            entrypoint = walk.steps
            findings += walk.findings
        }
        return PlatformAudit(
            platform: image.platform,
            manifest: image.manifestDigest,
            config: image.configDigest,
            layers: image.layers,
            files: matcher.files,
            releases: matcher.match.releases,
            base: matcher.base,
            programs: programs,
            entrypoint: entrypoint,
            findings: findings.map { $0.on(image.platform) }.sortedByWeight(),
            verdict: verdict(matcher, findings)
        )
    }

    // Without a released program there is nothing to compare with, and no need to read the layers again.
    private func unknownPrograms(
        _ matcher: FileMatcher,
        _ source: any ImageSource,
        _ names: ReleasedNames
    ) throws(TransportError) -> [Digest: BinaryFacts] {
        guard names.hasPrograms else { return [:] }
        var seen: Set<Digest> = []
        let programs = matcher.files.filter { file in
            file.identity.isUnknown && file.isELF && file.digest.map { seen.insert($0).inserted } == true
        }
        guard !programs.isEmpty else { return [:] }
        let inodes = programs.compactMap { matcher.image.tree.node(at: $0.path, following: .parents)?.inode }
        return try ProgramExtraction(image: matcher.image, source: source).facts(of: inodes)
    }

    private func altered(
        _ matcher: FileMatcher,
        _ unknown: [Digest: BinaryFacts]
    ) throws(StoreError) -> [Finding] {
        let near = NearMatcher(store: store)
        var findings: [Finding] = []
        for file in matcher.files where file.identity.isUnknown {
            guard let facts = file.digest.flatMap({ unknown[$0] }), let best = try near.matches(of: facts).first else {
                continue
            }
            findings.append(
                Finding(
                    .altered,
                    layer: file.layer,
                    path: file.path,
                    best.summary,
                    found: file.digest?.description,
                    expected: best.artifacts.first?.digest.description
                )
            )
        }
        return findings
    }

    private func verdict(_ matcher: FileMatcher, _ findings: [Finding]) -> Verdict? {
        if findings.contains(where: { $0.code.isDamage }) { return nil }
        if findings.contains(where: { $0.code.isMismatch }) { return .mismatch }
        guard matcher.files.contains(where: \.identity.isReleased) else { return .unknown }
        return matcher.furtherFiles.isEmpty && !matcher.isBaseTouched ? .exact : .contains
    }

    // The whole is as good as its worst part; a part without anything released beside one with is a mismatch.
    private static func sum(_ platforms: [PlatformAudit], _ findings: [Finding]) -> Verdict? {
        let verdicts = platforms.map(\.verdict)
        if verdicts.contains(nil) || findings.contains(where: { $0.code.isDamage }) { return nil }
        if findings.contains(where: { $0.code.isMismatch }) || verdicts.contains(.mismatch) { return .mismatch }
        if verdicts.isEmpty || verdicts.allSatisfy({ $0 == .unknown }) { return .unknown }
        if verdicts.contains(.unknown) { return .mismatch }
        return verdicts.contains(.contains) ? .contains : .exact
    }
}

extension [Finding] {
    /// Worst first, then by place.
    func sortedByWeight() -> [Finding] {
        let root = FilePath(components: [])
        return sorted { left, right in
            if left.severity != right.severity { return left.severity > right.severity }
            if left.code != right.code { return left.code.rawValue < right.code.rawValue }
            return (left.layer ?? -1, left.path ?? root) < (right.layer ?? -1, right.path ?? root)
        }
    }
}
