/// A tag: a letter, digit or underscore, then at most 127 of those, dots and dashes
/// (OCI distribution specification 1.1, "Pulling manifests").
package struct Tag: Hashable, Sendable, CustomStringConvertible {
    /// The most characters a tag may have.
    package static let maximumLength = 128

    /// The tag as text.
    package let text: String

    /// A tag from its written form.
    package init(parsing text: some StringProtocol) throws(OCIError) {
        guard Self.isTag(text) else {
            throw .malformed(
                what: "a tag",
                text: String(text),
                rule: "1 to \(Self.maximumLength) letters, digits, '_', '.' and '-' are expected, not led by '.' or '-'"
            )
        }
        self.text = String(text)
    }

    /// The tag as text.
    package var description: String { text }

    /// Whether a text follows the grammar of tags.
    package static func isTag(_ text: some StringProtocol) -> Bool {
        guard (1...maximumLength).contains(text.utf8.count) else { return false }
        return text.utf8.enumerated().allSatisfy { position, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            case UInt8(ascii: "."), UInt8(ascii: "-"): position > 0
            default: false
            }
        }
    }
}
