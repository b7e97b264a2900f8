import ImageFileSystem

extension [Finding] {
    /// Worst first, then by place.
    func sortedByWeight() -> [Finding] {
        let root = FilePath(components: [])
        return sorted { left, right in
            if left.severity != right.severity { return left.severity > right.severity }
            if left.code != right.code { return left.code.rawValue < right.code.rawValue }
            return (left.layer ?? -1, left.path ?? root) < (right.layer ?? -1, right.path ?? root)
        }
    }
}
