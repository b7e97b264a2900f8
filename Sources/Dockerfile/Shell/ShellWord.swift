/// A word of a shell's line before it is expanded.
package struct ShellWord: Equatable, Sendable {
    enum Part: Equatable, Sendable {
        /// Characters that stand for themselves. An empty quoted text makes an empty word.
        case text(String)
        /// An unquoted `*`, `?` or `[`.
        case wildcard(Unicode.Scalar)
        case variable(ShellVariable, isQuoted: Bool)
    }

    var parts: [Part] = []

    /// A word that stands for itself.
    package init(_ text: String) { parts = [.text(text)] }

    init(parts: [Part]) { self.parts = parts }

    /// Whether it has a pattern that matches one of several characters.
    package var hasBrackets: Bool {
        guard let start = parts.firstIndex(of: .wildcard("[")) else { return false }
        return parts[start...].contains { if case .text(let text) = $0 { text.contains("]") } else { false } }
    }

    /// The word's text; nil where a variable or a pattern stands in it.
    package var literal: String? {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .wildcard("["): result += "["
            case .wildcard, .variable: return nil
            }
        }
        return parts.isEmpty ? nil : result
    }
}

/// A reference to a variable: `$name`, or `${name…}` with what changes its value.
struct ShellVariable: Equatable, Sendable {
    indirect enum Change: Equatable, Sendable {
        /// `-` and `:-`: the word where the variable isn't there.
        case instead(ShellWord, alsoOfEmpty: Bool)
        /// `+` and `:+`: the word where it is there.
        case whereSet(ShellWord, alsoOfEmpty: Bool)
        /// `#`, `##`, `%`, `%%`: without what matches at the start or end.
        case trimmed(ShellWord, atStart: Bool, longest: Bool)
    }

    let name: String
    var change: Change?
}
