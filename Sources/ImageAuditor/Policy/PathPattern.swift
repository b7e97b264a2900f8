package import ImageFileSystem

/// A glob over paths in an image: `?` and `*` stay within a name, `**` crosses them.
package struct PathPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as it was written.
    package let description: String
    private let bytes: [UInt8]

    /// A pattern; one without a slash at the start is seen from the root, too.
    package init(_ text: String) {
        description = text
        bytes = Array((text.hasPrefix("/") ? text : "/" + text).utf8)
    }

    /// Whether a path fits.
    package func matches(_ path: FilePath) -> Bool {
        let text = path.bytes
        // Where to go on when the rest doesn't fit: the last star, and one byte more for it. The last `*` gives way to
        // the last `**` before it, so that time grows by the product of lengths at most.
        var (pattern, position) = (0, 0)
        var star: (pattern: Int, position: Int)?
        var deep: (pattern: Int, position: Int)?
        while position < text.count {
            if pattern < bytes.count, bytes[pattern] == UInt8(ascii: "*") {
                if pattern + 1 < bytes.count, bytes[pattern + 1] == UInt8(ascii: "*") {
                    pattern += 2
                    (deep, star) = ((pattern, position), nil)
                } else {
                    pattern += 1
                    star = (pattern, position)
                }
            } else if pattern < bytes.count, fits(bytes[pattern], text[position]) {
                pattern += 1
                position += 1
            } else if let last = star, text[last.position] != UInt8(ascii: "/") {
                star = (last.pattern, last.position + 1)
                (pattern, position) = (last.pattern, last.position + 1)
            } else if let last = deep {
                star = nil
                deep = (last.pattern, last.position + 1)
                (pattern, position) = (last.pattern, last.position + 1)
            } else {
                return false
            }
        }
        return bytes[pattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private func fits(_ pattern: UInt8, _ byte: UInt8) -> Bool {
        pattern == byte || (pattern == UInt8(ascii: "?") && byte != UInt8(ascii: "/"))
    }
}
