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
    package init?(_ bytes: some Collection<UInt8>) {
        var components: [[UInt8]] = []
        for part in bytes.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                guard components.popLast() != nil else { return nil }
            } else {
                components.append(Array(part))
            }
        }
        self.components = components
    }

    /// A path from its written form, where a `..` at the root stays there: as engines read it.
    package init(clamping bytes: some Collection<UInt8>) {
        var components: [[UInt8]] = []
        for part in bytes.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) { _ = components.popLast() } else { components.append(Array(part)) }
        }
        self.components = components
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

    /// The folder it is in.
    package var parent: FilePath { FilePath(components: components.dropLast()) }

    /// The raw bytes, with a slash at the start.
    package var bytes: [UInt8] {
        components.isEmpty ? [UInt8(ascii: "/")] : components.flatMap { [UInt8(ascii: "/")] + $0 }
    }

    /// Whether it is the same as another, or below it.
    package func isWithin(_ other: FilePath) -> Bool {
        components.starts(with: other.components)
    }
}

extension FilePath: CustomStringConvertible {
    /// For people: `/usr/bin/tool`, with bytes that are no UTF-8 replaced.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension FilePath: Comparable {
    /// By the bytes of each name in turn.
    package static func < (left: Self, right: Self) -> Bool {
        left.components.lexicographicallyPrecedes(right.components) { $0.lexicographicallyPrecedes($1) }
    }
}
