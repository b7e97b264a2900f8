public import ArtifactStore

/// A released program that an unknown one is made from, or the other way round, and what shows it.
public struct NearMatch: Sendable {
    /// What shows that two files are of one origin, the strongest first.
    public enum Evidence: String, Sendable, Codable, Comparable {
        /// The machine code is the same, byte for byte.
        case code = "same code"
        /// The linker's build-id is the same.
        case buildID = "same build-id"

        /// The stronger is less.
        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

        private var rank: Int { self == .code ? 0 : 1 }
    }

    /// The released artifacts that have the other file's bytes.
    public let artifacts: [Artifact]
    /// What shows it.
    public let evidence: [Evidence]
    /// Sections that both have, with other bytes.
    public let changed: [String]
    /// Sections that only the unknown file has.
    public let added: [String]
    /// Sections that only the released file has.
    public let missing: [String]

    /// For people: "code identical to agent 1.2.3 linux/amd64; without .symtab, .strtab".
    public var summary: String {
        let name = artifacts.first.map { "\($0.key)" } ?? "a released program"
        var parts = [evidence.first == .code ? "its code is that of \(name)" : "it has the build-id of \(name)"]
        let isStripped = missing.contains(".symtab")
        if isStripped { parts.append("its symbols are stripped") }
        for (words, names) in [("other bytes in", changed), ("further sections:", added), ("lacking", missing)] {
            guard !names.isEmpty else { continue }
            let shown =
                names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
            parts.append("\(words) \(shown)")
        }
        if changed.isEmpty, added.isEmpty, missing.isEmpty {
            parts.append("all sections are the same, other bytes lie between or behind them")
        }
        return parts.joined(separator: "; ")
    }
}
