extension StageTree {
    /// The paths that a source of `COPY` means: one, or those that match its pattern, in the order of a walk.
    ///
    /// What matches as a directory is taken whole, and not looked into. Nil for a malformed pattern.
    func matches(_ source: String) throws(PathProblem) -> [String]? {
        guard CopyPattern.isPattern(source) else { return [source] }
        let components = Self.components(source).map(String.init)
        let plain = components.prefix { !CopyPattern.isPattern($0) }
        let directory = try resolve(plain.joined(separator: "/"))
        guard let pattern = CopyPattern(components.dropFirst(plain.count).joined(separator: "/")) else { return nil }
        // A name that the tree can't hold may be meant as well.
        for dispute in disputes where !dispute.isReading && Self.isWithin(dispute.path, directory) {
            let rest = dispute.path.utf8.dropFirst(directory.isEmpty ? 0 : directory.utf8.count + 1)
            if pattern.matches(String(Substring(rest))) { throw .disputed(source, dispute) }
        }
        return descendants(of: directory).filter { pattern.matches($0) }.map { Self.join(directory, $0) }
    }
}
