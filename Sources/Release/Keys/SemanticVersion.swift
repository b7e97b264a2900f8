/// A version that follows semantic versioning, for ordering (semver.org 2.0.0, section 11).
///
/// In tags the `+` of build metadata is written `_`; metadata doesn't count in the order.
package struct SemanticVersion: Comparable {
    private let core: [Number]
    private let preRelease: [Identifier]

    /// Whether it is a pre-release, which comes before the release of the same numbers.
    package var isPreRelease: Bool { !preRelease.isEmpty }

    /// Nil when the text doesn't follow the grammar.
    package init?(_ text: String) {
        let withoutMetadata = text.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard let main = withoutMetadata.first else { return nil }
        if withoutMetadata.count == 2, !Self.isMetadata(withoutMetadata[1]) { return nil }
        let parts = main.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { Number($0) }
        let core = numbers.compactMap(\.self)
        guard core.count == 3, numbers.count == 3 else { return nil }
        self.core = core
        guard parts.count == 2 else {
            preRelease = []
            return
        }
        let identifiers = parts[1].split(separator: ".", omittingEmptySubsequences: false).map { Identifier($0) }
        preRelease = identifiers.compactMap(\.self)
        guard preRelease.count == identifiers.count else { return nil }
    }

    private static func isMetadata(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { Identifier.isWord($0) }
    }

    package static func < (left: Self, right: Self) -> Bool {
        guard left.core == right.core else { return left.core.lexicographicallyPrecedes(right.core) }
        if left.preRelease.isEmpty || right.preRelease.isEmpty {
            return !left.preRelease.isEmpty && right.preRelease.isEmpty
        }
        return left.preRelease.lexicographicallyPrecedes(right.preRelease)
    }

    // Kept as digits: a number from outside may be longer than any integer type.
    private struct Number: Comparable {
        let digits: Substring

        init?(_ text: Substring) {
            guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                text == "0" || !text.hasPrefix("0")
            else { return nil }
            digits = text
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.digits.utf8.count, left.digits) < (right.digits.utf8.count, right.digits)
        }
    }

    private enum Identifier: Comparable {
        // In this order: numeric identifiers come before others.
        case number(Number)
        case word(Substring)

        init?(_ text: Substring) {
            if let number = Number(text) {
                self = .number(number)
            } else if Self.isWord(text),
                text.utf8.contains(where: { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            {
                self = .word(text)
            } else {
                return nil
            }
        }

        static func isWord(_ text: Substring) -> Bool {
            !text.isEmpty
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }
}
