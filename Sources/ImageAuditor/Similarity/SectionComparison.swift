import ArtifactStore
import ContentAddress
import ELF

/// Which sections two programs have in common, by name.
struct SectionComparison {
    /// Sections that both have, with other bytes.
    private(set) var changed: [String] = []
    /// Sections that only the first has.
    private(set) var added: [String] = []
    /// Sections that only the second has.
    private(set) var missing: [String] = []
    /// Sections that both have with the same bytes.
    private(set) var same: [String] = []

    init(_ own: ProgramIdentity, _ released: ProgramIdentity) {
        let ours = Self.sections(own)
        let theirs = Self.sections(released)
        for (name, digests) in ours.sorted(by: { $0.key < $1.key }) {
            guard let other = theirs[name] else {
                added.append(name)
                continue
            }
            if digests == other { same.append(name) } else { changed.append(name) }
        }
        missing = theirs.keys.filter { ours[$0] == nil }.sorted()
    }

    // A name may stand for several sections; then all of them have to be the same.
    private static func sections(_ program: ProgramIdentity) -> [String: [Digest?]] {
        var sections: [String: [Digest?]] = [:]
        for section in program.sections { sections[section.name, default: []].append(section.digest) }
        return sections
    }

    /// For people: "other bytes in .text, .data; lacking .symtab".
    static func words(changed: [String], added: [String], missing: [String]) -> [String] {
        [("other bytes in", changed), ("further sections:", added), ("lacking", missing)].compactMap { words, names in
            names.isEmpty ? nil : "\(words) \(names.joined(separator: ", "))"
        }
    }
}
