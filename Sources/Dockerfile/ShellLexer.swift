/// Expands variables and takes off quotes and escapes, as a Dockerfile's words have them (Dockerfile reference,
/// "Environment replacement"; the model is BuildKit's `shell.Lex`).
package struct ShellLexer: Sendable {
    /// How many `${…}` may be nested.
    package static let maximumDepth = 64
    /// How many characters a result may have: `ENV a=$a$a` doubles it each time.
    package static let maximumLength = 1 << 20

    /// The escape character, a backslash or a backtick.
    package var escape: Unicode.Scalar
    /// Quotes stay in the result.
    package var keepsQuotes = false
    /// Escape characters stay in the result.
    package var keepsEscapes = false
    /// Quotes are ordinary characters, as in the text of a here-document.
    package var ignoresQuotes = false
    /// References to variables that aren't set stay as they are.
    package var keepsUnset = false

    /// A lexer for an escape character.
    package init(escape: Unicode.Scalar = "\\") {
        self.escape = escape
    }

    /// Expands a text.
    ///
    /// Throws for unclosed quotes and braces, unknown modifiers, required variables that aren't there, and results that
    /// grow over the bounds.
    package func expand(_ text: String, _ variables: [String: String]) throws(ExpansionError) -> Expansion {
        var scan = ShellScan(lexer: self, input: Array(text.unicodeScalars), variables: variables)
        var words = WordCollector()
        let result = try scan.process(until: nil, words: &words, keepsEscapes: keepsEscapes)
        return Expansion(
            text: result.text,
            words: words.finish(),
            used: scan.used,
            unset: scan.unset,
            emptied: scan.emptied
        )
    }
}

/// What an expansion gives.
package struct Expansion: Equatable, Sendable {
    /// The text as one word.
    package let text: String
    /// The text split at white space that wasn't quoted or escaped, after expansion.
    package let words: [String]
    /// The variables that were asked for and are set.
    package let used: Set<String>
    /// The variables that were asked for and aren't set.
    package let unset: Set<String>
    /// Those of them that are nothing in the result: the reference has no word for that case (`${name:-word}`).
    package let emptied: Set<String>
}

extension [Unicode.Scalar] {
    /// The scalars as text.
    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }
}
