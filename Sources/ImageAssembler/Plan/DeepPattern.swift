/// A pattern of paths in which `**` as a name of its own stands for any number of directories (moby/patternmatcher).
///
/// At the end it stands for what is in a directory. `--exclude` and `COPY --parents` have such patterns.
struct DeepPattern: Sendable {
    private enum Component {
        case directories
        case name(CopyPattern)
    }

    private let components: [Component]

    /// Reads a pattern's names; nil for a malformed one.
    init?(_ names: [String]) {
        var components: [Component] = []
        for name in names {
            if name == "**" {
                components.append(.directories)
            } else {
                guard let pattern = CopyPattern(name) else { return nil }
                components.append(.name(pattern))
            }
        }
        self.components = components
    }

    /// Whether one of a path's names is `**`.
    static func crosses(_ path: String) -> Bool { path.split(separator: "/").contains("**") }

    /// Whether a path matches as a whole.
    func matches(_ path: some Collection<String>) -> Bool { Self.matches(components[...], Array(path)[...]) }

    // Remembers nothing between tries: patterns have few components, and `**` is tried once for each directory.
    private static func matches(_ pattern: ArraySlice<Component>, _ path: ArraySlice<String>) -> Bool {
        switch pattern.first {
        case nil: return path.isEmpty
        case .directories:
            let rest = pattern.drop { if case .directories = $0 { true } else { false } }
            guard !rest.isEmpty else { return !path.isEmpty }
            return (path.startIndex...path.endIndex).contains { matches(rest, path[$0...]) }
        case .name(let name):
            guard let first = path.first, name.matches(first) else { return false }
            return matches(pattern.dropFirst(), path.dropFirst())
        }
    }
}
