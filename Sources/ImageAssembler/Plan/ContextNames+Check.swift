import ArtifactStore
import Release

extension ContextNames {
    /// What a source leads to, with what is wrong with that: some of it is let pass with a warning.
    struct Finding {
        /// The files; nil where an instruction can't take them.
        var match: Match?
        /// What is wrong.
        var problems: [(kind: PlanProblem.Kind, isAllowed: Bool)] = []
    }

    /// Looks a cleaned path up, which an instruction writes as `source`.
    func look(up path: String, of source: String, keepsParents: Bool) -> Finding {
        guard let match = find(path, keepsParents: keepsParents) else {
            return Finding(problems: [(.badPattern(source: source), false)])
        }
        if !match.shared.isEmpty {
            let files = match.shared.map { "\($0.key)" }
            return Finding(problems: [(.sharedName(match.shared[0].name, of: files), false)])
        }
        if match.isEmpty, !path.isEmpty {
            let missing = PlanProblem.Kind.missingFile(source: source, has: listed, elsewhere: platforms(with: path))
            return Finding(problems: [(missing, false)])
        }
        var finding = Finding(match: match)
        if !match.leftOut.isEmpty { finding.problems.append((.leavesOut(source: source, match.leftOut), true)) }
        // A path by platform says for which one it is.
        guard !match.isBehind else { return finding }
        for file in match.files where !isUsable(file) {
            // A file that is named for another platform is a mistake; a directory or a pattern may well be meant to take all.
            let kind = PlanProblem.Kind.wrongPlatform(file: file.name, isFor: "\(file.key.platform)")
            finding.problems.append((kind, match.isSelection))
        }
        return finding
    }
}
