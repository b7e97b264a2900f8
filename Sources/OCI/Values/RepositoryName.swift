/// The name of a repository, and of an artifact: lower-case components of letters and digits joined by `.`, `_`, `__`
/// or dashes, split by `/`; at most 255 characters (OCI distribution specification 1.1, "Pulling manifests").
package struct RepositoryName: Hashable, Sendable {
    /// The most characters a name may have.
    package static let maximumLength = 255

    /// The name as text.
    package let text: String

    /// A name from its written form.
    package init(parsing text: some StringProtocol) throws(OCIError) {
        let problem = Self.problem(with: text)
        if let problem { throw .malformed(what: "a name", text: String(text), rule: problem) }
        self.text = String(text)
    }

    /// The part after the last slash, which names files.
    package var lastComponent: String {
        text.split(separator: "/").last.map(String.init) ?? text
    }

    private static func problem(with text: some StringProtocol) -> String? {
        guard !text.isEmpty else { return "it is empty" }
        guard text.utf8.count <= maximumLength else {
            return "it has \(text.utf8.count) characters, at most \(maximumLength) are allowed"
        }
        for component in text.split(separator: "/", omittingEmptySubsequences: false) where !isComponent(component) {
            return component.isEmpty
                ? "a part between slashes is empty"
                : "lower-case letters and digits joined by '.', '_', '__' or '-' are expected, split by '/'"
        }
        return nil
    }

    // [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
    private static func isComponent(_ component: some StringProtocol) -> Bool {
        var separator: [UInt8] = []
        var sawWord = false
        for byte in component.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard isSeparator(separator) else { return false }
                separator = []
                sawWord = true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                guard sawWord else { return false }
                separator.append(byte)
            default:
                return false
            }
        }
        return sawWord && separator.isEmpty
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || bytes == [UInt8(ascii: ".")] || bytes == [UInt8(ascii: "_")]
            || bytes == [UInt8(ascii: "_"), UInt8(ascii: "_")] || bytes.allSatisfy { $0 == UInt8(ascii: "-") }
    }
}

extension RepositoryName: Comparable, CustomStringConvertible {
    /// Byte order.
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    /// The name as text.
    package var description: String { text }
}

extension RepositoryName: Codable {
    /// Reads the name from a JSON string.
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the name as a JSON string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
