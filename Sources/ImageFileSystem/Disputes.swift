/// The paths at which engines show different things.
package struct Disputes: Sendable {
    /// More than this and every path counts as one.
    private static let largestCount = 10_000

    private(set) var paths: Set<FilePath> = []

    package init() {}

    /// Whether the readings agree everywhere.
    package var isEmpty: Bool { paths.isEmpty }

    /// One of the paths, the first in byte order.
    package var first: FilePath? { paths.min() }

    mutating func insert(_ path: FilePath) {
        guard paths.count < Self.largestCount else {
            paths = [FilePath(components: [])]
            return
        }
        paths.insert(path)
    }

    /// A path at which readings differ, and that lies at, above or below another path; nil when there is none.
    package func dispute(touching path: FilePath) -> FilePath? {
        paths.filter { $0.isWithin(path) || path.isWithin($0) }.min()
    }
}
