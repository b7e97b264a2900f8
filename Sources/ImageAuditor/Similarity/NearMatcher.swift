package import ArtifactStore
package import ContentAddress
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
        of facts: BinaryFacts,
        in explanation: ReleaseExplanation = ReleaseExplanation([]),
        for platform: Platform? = nil
    ) throws(StoreError) -> [NearMatch] {
        let candidates = try store.programs(
            buildID: facts.elf.buildID,
            textDigest: facts.comparableCode,
            goPackage: facts.goPackage
        )
        var found: [NearMatch] = []
        for digest in candidates {
            guard let released = try store.binaryFacts(of: digest) else { continue }
            let artifacts = explanation.ordered(try store.artifacts(with: digest), for: platform)
            guard !artifacts.isEmpty else { continue }
            var evidence: [NearMatch.Evidence] = []
            if let code = facts.comparableCode, code == released.textDigest { evidence.append(.code) }
            if let buildID = facts.elf.buildID, buildID == released.elf.buildID { evidence.append(.buildID) }
            if let package = facts.goPackage, package == released.goPackage { evidence.append(.goPackage) }
            guard !evidence.isEmpty else { continue }
            let comparison = SectionComparison(facts, released)
            found.append(
                NearMatch(
                    artifacts: artifacts,
                    evidence: evidence,
                    changed: comparison.changed,
                    added: comparison.added,
                    missing: comparison.missing,
                    goBuild: GoBuildDifference(facts, released)
                )
            )
        }
        func rank(_ match: NearMatch) -> Int {
            guard let key = match.artifacts.first?.key else { return 2 }
            return explanation.contains(key.release) || explanation.expected.contains(key.release) ? 0 : 1
        }
        return found.sorted { left, right in
            if left.evidence[0] != right.evidence[0] { return left.evidence[0] < right.evidence[0] }
            if left.evidence.count != right.evidence.count { return left.evidence.count > right.evidence.count }
            if left.difference != right.difference { return left.difference < right.difference }
            return rank(left) < rank(right)
        }
    }
}

extension BinaryFacts {
    /// The digest of the machine code where it tells something: start-up code alone is the same in many programs.
    package var comparableCode: Digest? {
        let size = elf.sections.first { $0.name == ".text" }.map { UInt64($0.size) } ?? 0
        return size >= Self.leastCode ? textDigest : nil
    }

    private static let leastCode: UInt64 = 4096
}

extension NearMatch {
    fileprivate var difference: Int { changed.count + added.count + missing.count }
}
