/// A pattern of names in which `*` stands for any text, also with slashes, and `?` for one character.
package struct Glob: Sendable {
    private let pattern: [Character]

    /// Any text is a pattern.
    package init(_ text: String) {
        pattern = Array(text)
    }

    /// Whether all of a text follows the pattern.
    ///
    /// Takes time in proportion to both lengths at most: a star is taken back to at most once for each character.
    package func matches(_ text: String) -> Bool {
        let text = Array(text)
        var inPattern = 0
        var inText = 0
        var afterStar: (pattern: Int, text: Int)?
        while inText < text.count {
            if inPattern < pattern.count, pattern[inPattern] == "*" {
                afterStar = (inPattern + 1, inText)
                inPattern += 1
            } else if inPattern < pattern.count, pattern[inPattern] == "?" || pattern[inPattern] == text[inText] {
                inPattern += 1
                inText += 1
            } else if let star = afterStar {
                afterStar = (star.pattern, star.text + 1)
                inPattern = star.pattern
                inText = star.text + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == "*" }
    }
}
