extension StageTree {
    /// The paths that a source of `COPY` means: one, or those that match its pattern, in the order of a walk.
    ///
    /// What matches as a directory is taken whole, and not looked into. With `keepsParents`, `**` stands for directories.
    /// Nil for a malformed pattern.
    func matches(_ source: String, keepsParents: Bool = false) throws(PathProblem) -> [String]? {
        guard CopyPattern.isPattern(source) else { return [source] }
        let components = Self.components(source).map(String.init)
        let plain = components.prefix { !CopyPattern.isPattern($0) }
        let directory = try resolve(plain.joined(separator: "/"))
        let rest = components.dropFirst(plain.count).joined(separator: "/")
        guard let pattern = SourcePattern(rest, keepsParents: keepsParents) else { return nil }
        // A name that the tree can't hold may be meant as well.
        for dispute in disputes where !dispute.isReading && Self.isWithin(dispute.path, directory) {
            let rest = dispute.path.utf8.dropFirst(directory.isEmpty ? 0 : directory.utf8.count + 1)
            if pattern.matches(String(Substring(rest))) { throw .disputed(source, dispute) }
        }
        var taken: String?
        return descendants(of: directory).filter { path in
            if let taken, Self.isWithin(path, taken) { return false }
            guard pattern.matches(path) else { return false }
            taken = path
            return true
        }
        .map { Self.join(directory, $0) }
    }
}
