/// A digest by its first digits, as a terminal shows it.
package struct DigestPrefix: Hashable, Sendable {
    /// Fewer digits are a word as often as a digest.
    package static let fewestDigits = 7

    /// The digits, without `sha256:`.
    package let digits: String
    /// All digests that begin with the digits.
    package let range: ClosedRange<Digest>

    /// From a text such as `sha256:2c26b46b68ff` or `2c26b46`; nil for anything else, and for a whole digest.
    package init?(_ text: String) {
        let digits = text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text
        let most = 2 * Digest.byteCount
        guard (Self.fewestDigits..<most).contains(digits.utf8.count) else { return nil }
        func bound(_ filler: String) -> Digest? {
            try? Digest(hex: digits + String(repeating: filler, count: most - digits.utf8.count))
        }
        guard let lowest = bound("0"), let highest = bound("f") else { return nil }
        self.digits = digits
        range = lowest...highest
    }
}
