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
        var parts = directory?.parts ?? []
        var hasParent = false
        var isFirst = true
        for part in Array(written).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            // A path from the root.
            if isFirst, part.isEmpty { parts = [] }
            isFirst = false
            if part.isEmpty || part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                hasParent = true
                _ = parts.popLast()
            } else {
                parts.append(Array(part))
            }
        }
        self.parts = parts
        self.hasParent = hasParent
    }

    private init(parts: [[UInt8]]) {
        self.parts = parts
        hasParent = false
    }

    /// The directory that it is in; nil for the root itself.
    var directory: ArchiveName? { parts.isEmpty ? nil : ArchiveName(parts: parts.dropLast()) }

    var description: String { String(decoding: Array(parts.joined(separator: [UInt8(ascii: "/")])), as: UTF8.self) }

    static func == (left: ArchiveName, right: ArchiveName) -> Bool { left.parts == right.parts }

    func hash(into hasher: inout Hasher) { hasher.combine(parts) }
}
