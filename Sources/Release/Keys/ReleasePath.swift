package import OCI

/// Where a file is inside its release: a relative path such as `docker/entrypoint.sh`, compared by its bytes.
package struct ReleasePath: Sendable {
    /// The path as text: components separated by single slashes.
    package let text: String

    private static let longest = 1024

    /// A path of 1 to 1024 bytes; each component has 255 bytes at most, no control character, and isn't `.` or `..`.
    package init(parsing text: some StringProtocol) throws(OCIError) {
        let components = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, components.allSatisfy({ Self.isComponent($0) }) else {
            throw .malformed(
                what: "a path inside a release",
                text: String(text),
                rule: "a relative path such as docker/entrypoint.sh is expected, without '.' and '..'"
            )
        }
        self.text = String(text)
    }

    /// The path of a release's program: the last component of the release's name.
    package init(programOf name: RepositoryName) {
        text = name.lastComponent
    }

    /// Whether a text can be one component of a path.
    package static func isComponent(_ text: some StringProtocol) -> Bool {
        (1...255).contains(text.utf8.count) && text != "." && text != ".."
            && text.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// The name of the file itself.
    package var lastComponent: String { text.split(separator: "/").last.map(String.init) ?? text }
}

extension ReleasePath: Hashable, Comparable, CustomStringConvertible {
    /// The path as text.
    package var description: String { text }

    // By bytes: text that differs by Unicode normalization names two files.
    package static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    package static func < (left: Self, right: Self) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension ReleasePath: Codable {
    /// Reads the path from a JSON string.
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the path as a JSON string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
