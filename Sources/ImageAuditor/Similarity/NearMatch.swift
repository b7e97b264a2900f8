package import ArtifactStore

/// A released program that an unknown one is made from, or the other way round, and what shows it.
package struct NearMatch: Sendable {
    /// What shows that two files are of one origin, the strongest first.
    package enum Evidence: String, Sendable, Codable, Comparable {
        /// The machine code is the same, byte for byte.
        case code = "same code"
        /// The linker's build-id is the same.
        case buildID = "same build-id"
        /// Both are built from one Go package.
        case goPackage = "same Go package"

        /// The stronger is less.
        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .code: 0
            case .buildID: 1
            case .goPackage: 2
            }
        }
    }

    /// The released artifacts that have the other file's bytes.
    package let artifacts: [Artifact]
    /// What shows it.
    package let evidence: [Evidence]
    /// Sections that both have, with other bytes.
    package let changed: [String]
    /// Sections that only the unknown file has.
    package let added: [String]
    /// Sections that only the released file has.
    package let missing: [String]
    /// Whether both are for one system: the sections of others have other names, and aren't compared.
    let comparesSections: Bool
    /// For two Go programs, what their build information tells apart; nil for others.
    let goBuild: GoBuildDifference?

    /// Whether it is the released program, altered; else it is another build of the same source.
    package var isAlteredCopy: Bool { evidence.first != .goPackage }

    /// For people: "code identical to agent 1.2.3 linux/amd64; without .symtab, .strtab".
    package var summary: String {
        let name = artifacts.first.map { "\($0.key)" } ?? "a released program"
        var parts: [String]
        switch evidence.first {
        case .code?: parts = ["its code is that of \(name)"]
        case .buildID?: parts = ["it has the build-id of \(name)"]
        case .goPackage?, nil: parts = ["it is another build of \(name)"]
        }
        if let goBuild { parts.append(goBuild.words) }
        if missing.contains(".symtab") { parts.append("its symbols are stripped") }
        parts += SectionComparison.words(changed: changed, added: added, missing: missing)
        if comparesSections, changed.isEmpty, added.isEmpty, missing.isEmpty {
            parts.append("all sections are the same, other bytes lie between or behind them")
        }
        return parts.joined(separator: "; ")
    }
}
