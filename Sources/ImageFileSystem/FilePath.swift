import ContentAddress

/// An absolute path in an image, as raw bytes: names in images needn't be UTF-8.
package struct FilePath: Hashable, Sendable {
    /// The names from the root; empty for the root.
    package let components: [[UInt8]]

    /// A path from its names.
    package init(components: [[UInt8]]) {
        self.components = components
    }

    /// A path from its written form, seen from the root; `.` and empty names go, `..` takes away the name before it.
    ///
    /// Nil when it leads out of the root.
    package init?(_ bytes: [UInt8]) {
        let (names, leadsOut) = Self.names(bytes)
        guard !leadsOut else { return nil }
        components = names
    }

    /// A path from its written form; nil when it leads out of the root.
    package init?(_ bytes: some Collection<UInt8>) {
        self.init([UInt8](bytes))
    }

    /// A path from its written form, where a `..` at the root stays there: as engines read it.
    package init(clamping bytes: [UInt8]) {
        components = Self.names(bytes).names
    }

    // Of bytes in memory, since a generic function isn't specialized for callers in other modules: an audit comes here
    // for each entry.
    private static func names(_ bytes: [UInt8]) -> (names: [[UInt8]], leadsOut: Bool) {
        let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
        var names: [[UInt8]] = []
        var leadsOut = false
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != slash { end += 1 }
            switch end - start {
            case 0: break
            case 1 where bytes[start] == dot: break
            case 2 where bytes[start] == dot && bytes[start + 1] == dot:
                if names.popLast() == nil { leadsOut = true }
            default: names.append(Array(bytes[start..<end]))
            }
            start = end + 1
        }
        return (names, leadsOut)
    }

    /// A path from a text of ours.
    package init(_ text: String) {
        components = text.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    }

    /// A path from ``bytes``: nothing in it is taken away.
    package init(raw bytes: [UInt8]) {
        components = bytes.split(separator: UInt8(ascii: "/")).map { Array($0) }
    }

    /// The last name; empty for the root.
    package var lastName: [UInt8] { components.last ?? [] }

    /// The directory it is in.
    package var parent: FilePath { FilePath(components: components.dropLast()) }

    /// The raw bytes, with a slash at the start.
    package var bytes: [UInt8] {
        components.isEmpty ? [UInt8(ascii: "/")] : components.flatMap { [UInt8(ascii: "/")] + $0 }
    }
}

extension FilePath: CustomStringConvertible {
    /// For people: `/usr/bin/tool`, with bytes that are not UTF-8 replaced.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension FilePath {
    /// The path in documents: a name that isn't UTF-8 as `hex:` and the digits of the whole path.
    ///
    /// No other path begins so, since all are absolute.
    package var documentText: String {
        let text = description
        return Array(text.utf8) == bytes ? text : "hex:" + Hexadecimal.encode(bytes)
    }
}

extension FilePath: Comparable {
    /// By the bytes of each name in turn.
    package static func < (left: Self, right: Self) -> Bool {
        left.components.lexicographicallyPrecedes(right.components) { $0.lexicographicallyPrecedes($1) }
    }
}
