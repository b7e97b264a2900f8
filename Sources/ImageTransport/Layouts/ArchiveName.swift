import SystemIO

/// The name of an archive's file: bytes, since readers compare them as such, without `.`, `..` and repeated slashes, so
/// that equal places have equal names.
struct ArchiveName: Hashable, Sendable, CustomStringConvertible {
    /// No image's archive has files deeper than this.
    static let largestDepth = 32

    /// Its components.
    let parts: [[UInt8]]
    /// Whether it was written with `..`, which not all readers resolve.
    let hasParent: Bool

    /// The name that is written so, from a directory.
    init(_ written: some Sequence<UInt8>, from directory: ArchiveName? = nil) {
        let slash = UInt8(ascii: "/")
        var path = Array(written)
        // Not for a path from the root.
        if let directory, path.first != slash { path = directory.bytes + [slash] + path }
        let components = PathComponents(path)
        parts = components.names.map { Array($0) }
        hasParent = components.hasParent
    }

    private init(parts: [[UInt8]]) {
        self.parts = parts
        hasParent = false
    }

    /// The directory that it is in; nil for the root itself.
    var directory: ArchiveName? { parts.isEmpty ? nil : ArchiveName(parts: parts.dropLast()) }

    private var bytes: [UInt8] { Array(parts.joined(separator: [UInt8(ascii: "/")])) }

    var description: String { String(decoding: bytes, as: UTF8.self) }

    static func == (left: ArchiveName, right: ArchiveName) -> Bool { left.parts == right.parts }

    func hash(into hasher: inout Hasher) { hasher.combine(parts) }
}
