/// A source of `COPY` or `ADD` that is a pattern, over whole paths.
enum SourcePattern {
    case plain(CopyPattern)
    /// With `**`, which only `--parents` knows.
    case deep(DeepPattern)

    /// Reads a cleaned path; nil for a malformed pattern.
    init?(_ path: String, keepsParents: Bool) {
        if keepsParents, DeepPattern.crosses(path) {
            guard let pattern = DeepPattern(path.split(separator: "/").map(String.init)) else { return nil }
            self = .deep(pattern)
        } else {
            guard let pattern = CopyPattern(path) else { return nil }
            self = .plain(pattern)
        }
    }

    /// Whether a path matches as a whole.
    func matches(_ path: String) -> Bool {
        switch self {
        case .plain(let pattern): pattern.matches(path)
        case .deep(let pattern): pattern.matches(path.split(separator: "/").map(String.init))
        }
    }

    /// Whether a path, or a directory that it is in, matches: what matches as a directory is taken whole.
    func matchesParent(of path: String) -> Bool {
        if matches(path) { return true }
        return path.indices.contains { path[$0] == "/" && matches(String(path[..<$0])) }
    }
}
