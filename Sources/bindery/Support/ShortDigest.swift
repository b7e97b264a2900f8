import ArtifactStore
import ContentAddress
import Printable

/// A digest by its first digits, as a terminal shows it.
enum ShortDigest {
    /// Fewer digits are a word as often as a digest.
    private static let fewest = 7

    /// The digits of a text such as `sha256:2c26b46b68ff` or `2c26b46`; nil for anything else.
    static func digits(_ text: String) -> String? {
        let digits = text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]
        guard (fewest..<64).contains(digits.count),
            digits.allSatisfy({ ("0"..."9").contains($0) || ("a"..."f").contains($0) })
        else { return nil }
        return String(digits)
    }

    /// The one digest that the store knows by these digits.
    ///
    /// Throws where there is none, and a usage error where there are several.
    static func find(_ digits: String, in store: Store) throws -> Digest {
        let found = try store.digests(beginningWith: digits)
        guard let digest = found.first else {
            throw StoreError.notFound(
                what: "a digest that begins with \(digits)",
                hint: "All 64 digits name any bytes."
            )
        }
        guard found.count == 1 else {
            let list = found.map(\.description).joined(separator: "\n  ")
            throw UsageError(description: "\(digits) is the beginning of several digests:\n  \(list)")
        }
        return digest
    }
}
