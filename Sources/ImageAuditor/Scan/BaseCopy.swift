import ContentAddress
import ImageFileSystem

/// A file that `build` copied out of a known base: it counts as the base's.
struct BaseCopy: Codable, Sendable, Hashable {
    let path: RecordedPath
    /// The base's manifest.
    let base: Digest

    static func == (left: Self, right: Self) -> Bool { left.path.path == right.path.path && left.base == right.base }

    func hash(into hasher: inout Hasher) { hasher.combine(path.path) }
}
