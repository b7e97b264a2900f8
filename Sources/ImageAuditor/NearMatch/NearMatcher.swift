public import ArtifactStore
internal import ContentAddress
internal import ELF

/// Compares unknown programs with the released ones.
public struct NearMatcher: Sendable {
    private let store: Store

    /// Start-up code alone is the same in many programs.
    private static let leastCode: UInt64 = 4096

    /// A matcher against a store.
    public init(store: Store) {
        self.store = store
    }

    /// The released programs that share code or build-id with a program, best first.
    ///
    /// Throws ``StoreError`` when the store can't be asked.
    public func matches(of facts: BinaryFacts) throws(StoreError) -> [NearMatch] {
        let candidates = try store.programs(buildID: facts.elf.buildID, textDigest: facts.textDigest)
        var found: [NearMatch] = []
        for digest in candidates {
            guard let released = try store.binaryFacts(of: digest) else { continue }
            let artifacts = try store.artifacts(with: digest)
            guard !artifacts.isEmpty else { continue }
            var evidence: [NearMatch.Evidence] = []
            if let code = facts.textDigest, code == released.textDigest, facts.codeSize >= Self.leastCode {
                evidence.append(.code)
            }
            if let buildID = facts.elf.buildID, buildID == released.elf.buildID { evidence.append(.buildID) }
            guard !evidence.isEmpty else { continue }
            let comparison = SectionComparison(facts, released)
            found.append(
                NearMatch(
                    artifacts: artifacts,
                    evidence: evidence,
                    changed: comparison.changed,
                    added: comparison.added,
                    missing: comparison.missing
                )
            )
        }
        return found.sorted { left, right in
            if left.evidence[0] != right.evidence[0] { return left.evidence[0] < right.evidence[0] }
            if left.evidence.count != right.evidence.count { return left.evidence.count > right.evidence.count }
            return left.difference < right.difference
        }
    }
}

extension BinaryFacts {
    fileprivate var codeSize: UInt64 { elf.sections.first { $0.name == ".text" }.map { UInt64($0.size) } ?? 0 }
}

extension NearMatch {
    fileprivate var difference: Int { changed.count + added.count + missing.count }
}

/// Which sections two programs have in common, by name.
private struct SectionComparison {
    private(set) var changed: [String] = []
    private(set) var added: [String] = []
    private(set) var missing: [String] = []

    init(_ own: BinaryFacts, _ released: BinaryFacts) {
        let ours = Self.sections(own)
        let theirs = Self.sections(released)
        for (name, digests) in ours.sorted(by: { $0.key < $1.key }) {
            guard let other = theirs[name] else {
                added.append(name)
                continue
            }
            if digests != other { changed.append(name) }
        }
        missing = theirs.keys.filter { ours[$0] == nil }.sorted()
    }

    // A name may stand for several sections; then all of them have to be the same.
    private static func sections(_ facts: BinaryFacts) -> [String: [Digest?]] {
        var sections: [String: [Digest?]] = [:]
        for (section, digest) in zip(facts.elf.sections, facts.sectionDigests) {
            sections[section.name, default: []].append(digest)
        }
        return sections
    }
}
