import ArtifactStore
import ContentAddress
import ImageFileSystem
import OCI

/// Evaluates one platform's image once its files are known, whether its layers were just read or an earlier audit
/// recorded them.
struct PlatformEvaluator {
    let store: Store
    let names: ReleasedNames
    let options: AuditOptions

    /// `programs` is what is known of the programs that no release has.
    func evaluate(
        _ matched: MatchedImage,
        claimed: String?,
        programs: [Digest: ProgramReading]
    ) throws(StoreError) -> PlatformAudit {
        var matched = matched
        // An image whose config names no platform, or isn't there, runs where its index offers it.
        if matched.image.parsedPlatform == nil, let platform = claimed.flatMap({ try? Platform(parsing: $0) }) {
            matched.image.parsedPlatform = platform
            if matched.image.mayBe(for: platform) { matched.image.platform = "\(platform)" }
        }
        let isEvaluated = !matched.image.doubts.contains(.damaged) && !matched.image.isCutShort
        let walk = try isEvaluated ? EntrypointWalk.walk(matched, programs, store: store) : nil
        // A record keeps it: it can't be found again without the directories.
        let said = matched.image.findings.filter { $0.code == .unclearCommand }.map(\.message)
        if let doubt = walk?.doubt, !said.contains(doubt) { matched.image.add(Finding(.unclearCommand, doubt)) }
        let image = matched.image
        var list = FindingList(image.findings)
        if let claimed, image.parsedPlatform != nil, claimed != image.platform {
            list.add(
                Finding(
                    .platformClaim,
                    "the index offers it for \(claimed), its config says \(image.platform)",
                    found: claimed,
                    expected: image.platform
                )
            )
        }
        if let walk {
            try FileFindings(matched: matched, store: store, options: options, names: names).add(to: &list, programs)
            list.add(try nearMatches(matched, programs))
            list.add(ClaimCheck(matched: matched).findings())
            list.add(walk.findings)
        }
        if let spent = image.tree.spent { list.add(Finding(.limit, "symbolic links: \(spent)")) }
        let findings = list.all
        return PlatformAudit(
            platform: image.platform,
            manifest: image.manifestDigest,
            config: image.configDigest,
            layers: image.layers,
            files: matched.files,
            directories: matched.directories,
            releases: matched.explanation.releases,
            base: matched.base,
            baseDigests: Set(KnownBase.allBelow(image.diffIDs, among: options.bases).map(\.digest)),
            copiedBases: Set(image.copies.map(\.base)).sorted().compactMap { digest in
                guard let base = options.bases.first(where: { $0.digest == digest }) else { return nil }
                return options.bases.filter { $0.diffIDs == base.diffIDs }
            },
            programs: isEvaluated ? programs : [:],
            entrypoint: walk?.steps ?? [],
            findings: findings.map { $0.on(image.platform) }.sortedByWeight(),
            verdict: image.doubts.union(findings.doubts).verdict(verdict(matched, findings)),
            evidence: PlatformEvidence(image, claimed: claimed)
        )
    }

    private func nearMatches(
        _ matched: MatchedImage,
        _ programs: [Digest: ProgramReading]
    ) throws(StoreError) -> [Finding] {
        let near = NearMatcher(store: store)
        let marks = try store.revocationMarks()
        var findings: [Finding] = []
        for file in matched.files where file.identity.isUnknown {
            guard let digest = file.digest, let reading = programs[digest] else { continue }
            let platform = matched.image.parsedPlatform
            let found = try near.matches(ofSlices: reading.identities, in: matched.explanation, for: platform)
            if let best = found.first {
                findings.append(
                    Finding(
                        best.isAlteredCopy ? .altered : .otherBuild,
                        layer: file.layer,
                        path: file.path,
                        best.summary + marks.words(on: best.artifacts),
                        found: file.digest?.description,
                        expected: best.artifacts.first?.digest.description
                    )
                )
            }
            if let packed = reading.packed {
                findings.append(try self.packed(file, packed, matched))
            }
        }
        return findings
    }

    private func packed(
        _ file: AuditedFile,
        _ packed: PackedProgram,
        _ matched: MatchedImage
    ) throws(StoreError) -> Finding {
        var message = "UPX has packed it from \(packed.size) bytes"
        if let name = names.fitting(file) {
            let same = try store.releases(of: name).flatMap(\.artifacts).last { artifact in
                artifact.size == packed.size && artifact.fits(matched.image.parsedPlatform)
            }
            if let same { message += ", the size of \(same.key)" }
        }
        return Finding(.packed, layer: file.layer, path: file.path, message, found: file.digest?.description)
    }

    private func verdict(_ matched: MatchedImage, _ findings: [Finding]) -> Verdict {
        if findings.contains(where: { $0.code.isMismatch }) { return .mismatch }
        guard matched.files.contains(where: \.identity.isReleased) else { return .unknown }
        return matched.furtherCount == 0 && !matched.isBaseTouched ? .exact : .contains
    }
}
