import Dockerfile

/// Patterns of `--exclude`: as in a `.dockerignore`, with `**` for any number of directories and `!` for exceptions,
/// the last that matches wins (Dockerfile reference, "COPY --exclude"; moby/patternmatcher).
struct IgnoreList: Sendable {
    private let rules: [(pattern: DeepPattern, isException: Bool)]

    init(_ patterns: [String]) {
        rules = patterns.compactMap { pattern in
            let text = pattern.trimmed
            let isException = text.hasPrefix("!")
            let components = text.dropFirst(isException ? 1 : 0).split(separator: "/").filter { $0 != "." }.map(
                String.init
            )
            // A slash at the start is a name that no path has: only the reader of .dockerignore drops it.
            guard !components.isEmpty, !text.hasPrefix("/"), !text.hasPrefix("!/") else { return nil }
            return DeepPattern(components).map { ($0, isException) }
        }
    }

    /// Whether something below an excluded directory may be wanted all the same.
    var hasExceptions: Bool { rules.contains { $0.isException } }

    /// Whether a path, or a directory that it is in, is excluded.
    func matches(_ path: String) -> Bool {
        let components = path.split(separator: "/").map(String.init)
        var isExcluded = false
        for rule in rules where rule.isException == isExcluded {
            let parts = 1...max(1, components.count)
            if parts.contains(where: { rule.pattern.matches(components.prefix($0)) }) {
                isExcluded = !rule.isException
            }
        }
        return isExcluded
    }
}
