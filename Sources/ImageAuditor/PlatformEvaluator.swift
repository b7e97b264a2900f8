import ArtifactStore
import ContentAddress
import ELF
import ImageFileSystem
import OCI

/// Judges one platform's image once its files are known, whether its layers were just read or an earlier audit recorded
/// them.
struct PlatformEvaluator {
    let store: Store
    let names: ReleasedNames
    let options: AuditOptions

    /// `programs` gives what is known of the programs that no release has, or what can be read of them.
    func judge(
        _ image: PlatformImage,
        claimed: String?,
        programs: (FileMatcher) throws -> [Digest: ProgramReading]
    ) throws -> PlatformAudit {
        var findings = image.findings
        if let claimed, image.parsedPlatform != nil, claimed != image.platform {
            findings.append(
                Finding(
                    .platformClaim,
                    "the index offers it for \(claimed), its config says \(image.platform)",
                    found: claimed,
                    expected: image.platform
                )
            )
        }
        let matcher = try FileMatcher(image, store: store, options: options, names: names)
        var entrypoint: [EntrypointStep] = []
        var readings: [Digest: ProgramReading] = [:]
        if !image.doubts.contains(.damaged), !image.isCutShort {
            let known = try programs(matcher)
            readings = known
            findings += try matcher.findings(known)
            findings += try nearMatches(matcher, known)
            findings += ClaimCheck(matcher: matcher).findings()
            let walk = try walk(matcher, known)
            entrypoint = walk.steps
            findings += walk.findings
        }
        return PlatformAudit(
            platform: image.platform,
            manifest: image.manifestDigest,
            config: image.configDigest,
            layers: image.layers,
            files: matcher.files,
            releases: matcher.explanation.releases,
            base: matcher.base,
            baseDigests: Set(KnownBase.allBelow(image.diffIDs, among: options.bases).map(\.digest)),
            copiedBases: Set(image.copies.map(\.base)).sorted().compactMap { digest in
                guard let base = options.bases.first(where: { $0.digest == digest }) else { return nil }
                return options.bases.filter { $0.diffIDs == base.diffIDs }
            },
            programs: readings,
            entrypoint: entrypoint,
            findings: findings.map { $0.on(image.platform) }.sortedByWeight(),
            verdict: image.doubts.union(findings.doubts).verdict(verdict(matcher, findings)),
            evidence: PlatformEvidence(image, claimed: claimed)
        )
    }

    // A store that fails is no answer: the walk ends, and its failure is thrown.
    private func walk(_ matcher: FileMatcher, _ known: [Digest: ProgramReading]) throws(StoreError) -> EntrypointWalk {
        var failure: StoreError?
        let walk = EntrypointWalk(matcher.image, files: matcher.files) { digest in
            if let elf = known[digest]?.facts?.elf { return elf }
            do throws(StoreError) {
                return try store.binaryFacts(of: digest)?.elf
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
        return walk
    }

    private func nearMatches(
        _ matcher: FileMatcher,
        _ programs: [Digest: ProgramReading]
    ) throws(StoreError) -> [Finding] {
        let near = NearMatcher(store: store)
        var findings: [Finding] = []
        for file in matcher.files where file.identity.isUnknown {
            guard let digest = file.digest, let reading = programs[digest] else { continue }
            let found = try reading.facts.map { facts throws(StoreError) in
                try near.matches(of: facts, in: matcher.explanation, for: matcher.image.parsedPlatform)
            }
            if let best = found?.first {
                findings.append(
                    Finding(
                        best.isAlteredCopy ? .altered : .otherBuild,
                        layer: file.layer,
                        path: file.path,
                        best.summary,
                        found: file.digest?.description,
                        expected: best.artifacts.first?.digest.description
                    )
                )
            }
            if let packed = reading.packed {
                findings.append(try self.packed(file, packed, matcher))
            }
        }
        return findings
    }

    private func packed(
        _ file: AuditedFile,
        _ packed: PackedProgram,
        _ matcher: FileMatcher
    ) throws(StoreError) -> Finding {
        var message = "UPX has packed it from \(packed.size) bytes"
        if let name = names.fitting(file) {
            let same = try store.releases(of: name).flatMap(\.artifacts).last { artifact in
                artifact.size == packed.size && artifact.fits(matcher.image.parsedPlatform)
            }
            if let same { message += ", the size of \(same.key)" }
        }
        return Finding(.packed, layer: file.layer, path: file.path, message, found: file.digest?.description)
    }

    private func verdict(_ matcher: FileMatcher, _ findings: [Finding]) -> Verdict {
        if findings.contains(where: { $0.code.isMismatch }) { return .mismatch }
        guard matcher.files.contains(where: \.identity.isReleased) else { return .unknown }
        return matcher.furtherCount == 0 && !matcher.isBaseTouched ? .exact : .contains
    }
}
