/// The paths at which engines show different things.
package struct Disputes: Sendable {
    /// Paths with more names together than this, and every path counts as one.
    private static let largestCount = 1 << 16
    private var count = 0

    package private(set) var paths: Set<FilePath> = []

    package init() {}

    /// Whether the readings agree everywhere.
    package var isEmpty: Bool { paths.isEmpty }

    mutating func insert(_ path: FilePath) {
        guard count < Self.largestCount else {
            paths = [FilePath(components: [])]
            return
        }
        if paths.insert(path).inserted { count += path.components.count + 1 }
    }
}
