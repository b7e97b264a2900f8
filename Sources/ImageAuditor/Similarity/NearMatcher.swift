package import ArtifactStore
import ContentAddress
import ELF
package import OCI
import Release

/// Compares unknown programs with the released ones.
package struct NearMatcher: Sendable {
    private let store: Store

    /// A matcher against a store.
    package init(store: Store) {
        self.store = store
    }

    /// The released programs that share code, build-id or Go package with a program, best first.
    ///
    /// Of equals those come first that belong to the releases which explain the files beside it, and that fit the
    /// platform. Throws ``StoreError`` when the store can't be asked.
    package func matches(
        of program: ProgramIdentity,
        in explanation: ReleaseExplanation = ReleaseExplanation([]),
        for platform: Platform? = nil
    ) throws(StoreError) -> [NearMatch] {
        let candidates = try store.programs(
            buildID: program.buildIDBytes,
            textDigest: program.code,
            goPackage: program.goPackage
        )
        var found: [NearMatch] = []
        for digest in candidates {
            let artifacts = explanation.ordered(try store.artifacts(with: digest), for: platform)
            guard !artifacts.isEmpty else { continue }
            let matches = try store.programIdentities(of: digest).compactMap { NearMatch(program, $0, artifacts) }
            if let best = matches.min(by: Self.isBetter) { found.append(best) }
        }
        func rank(_ match: NearMatch) -> Int {
            guard let key = match.artifacts.first?.key else { return 2 }
            return explanation.contains(key.release) || explanation.expected.contains(key.release) ? 0 : 1
        }
        return found.sorted { left, right in
            if Self.isBetter(left, right) { return true }
            return !Self.isBetter(right, left) && rank(left) < rank(right)
        }
    }

    /// The same for the slices of a universal file, each released file once: as what it comes nearest to in any of them.
    package func matches(
        ofSlices slices: [ProgramIdentity],
        in explanation: ReleaseExplanation = ReleaseExplanation([]),
        for platform: Platform? = nil
    ) throws(StoreError) -> [NearMatch] {
        var best: [NearMatch] = []
        for slice in slices {
            for match in try matches(of: slice, in: explanation, for: platform) {
                let place = best.firstIndex { $0.artifacts.first?.digest == match.artifacts.first?.digest }
                if let place {
                    if Self.isBetter(match, best[place]) { best[place] = match }
                } else {
                    best.append(match)
                }
            }
        }
        return slices.count > 1 ? best.sorted(by: Self.isBetter) : best
    }

    private static func isBetter(_ left: NearMatch, _ right: NearMatch) -> Bool {
        if left.evidence[0] != right.evidence[0] { return left.evidence[0] < right.evidence[0] }
        if left.evidence.count != right.evidence.count { return left.evidence.count > right.evidence.count }
        return left.difference < right.difference
    }
}

extension NearMatch {
    /// Nil where nothing brings the two together.
    fileprivate init?(_ program: ProgramIdentity, _ released: ProgramIdentity, _ artifacts: [Artifact]) {
        var evidence: [Evidence] = []
        if let code = program.code, code == released.code { evidence.append(.code) }
        if let buildID = program.buildID, buildID == released.buildID { evidence.append(.buildID) }
        if let package = program.goPackage, package == released.goPackage { evidence.append(.goPackage) }
        guard !evidence.isEmpty else { return nil }
        let comparison = program.os == released.os ? SectionComparison(program, released) : nil
        self.init(
            artifacts: artifacts,
            evidence: evidence,
            changed: comparison?.changed ?? [],
            added: comparison?.added ?? [],
            missing: comparison?.missing ?? [],
            comparesSections: comparison != nil,
            goBuild: GoBuildDifference(program, released)
        )
    }

    fileprivate var difference: Int { comparesSections ? changed.count + added.count + missing.count : .max }
}
