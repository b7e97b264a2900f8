extension FileTree {
    /// The paths that a source of `COPY` means: one, or those that match its pattern, in the order of a walk.
    ///
    /// What matches as a directory is taken whole, and not looked into. Nil for a malformed pattern.
    func matches(_ source: String) throws(PathProblem) -> [String]? {
        guard PathPattern.isPattern(source) else { return [source] }
        let components = source.split(separator: "/").map(String.init)
        let plain = components.prefix { !PathPattern.isPattern($0) }
        let directory = try resolve(plain.joined(separator: "/"))
        guard let pattern = PathPattern(components.dropFirst(plain.count).joined(separator: "/")) else { return nil }
        // A name that the tree can't hold may be meant as well.
        let prefix = directory.isEmpty ? "" : directory + "/"
        for dispute in disputes where !dispute.isReading && dispute.path.hasPrefix(prefix) {
            let rest = String(dispute.path.dropFirst(prefix.count))
            if pattern.matches(rest) { throw .disputed(source, dispute) }
        }
        return descendants(of: directory).filter { pattern.matches($0) }.map { Self.join(directory, $0) }
    }
}
