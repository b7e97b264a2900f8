/// A `# name=value` comment at the top that speaks to the parser (Dockerfile reference, "Parser directives").
package struct ParserDirective: Equatable, Sendable {
    /// What a directive may be about.
    package enum Name: String, Sendable {
        /// The frontend that BuildKit should parse the file with; we parse every file ourselves.
        case syntax
        /// The escape character.
        case escape
        /// Which of BuildKit's lint rules hold.
        case check
    }

    /// What it is about.
    package let name: Name
    /// The text behind `=`, without white space around it.
    package let value: String
    /// The line it stands on, from 1.
    package let line: Int
}

/// Reads parser directives: they come first, one a line, and the first other line ends them.
struct DirectiveScanner {
    private(set) var directives: [ParserDirective] = []
    private var isDone = false
    private var hasShebang = false

    /// Looks at the next line, without white space before it.
    ///
    /// A `#!` on the first line is passed over, and then the escape directive isn't looked for: that is how BuildKit
    /// has it.
    mutating func scan(_ line: String, number: Int) throws(DockerfileError.Problem) {
        if number == 1, line.hasPrefix("#!") { hasShebang = true }
        guard !isDone, number > 1 || !hasShebang else { return }
        guard let (word, value) = Self.split(line), let name = ParserDirective.Name(rawValue: word) else {
            isDone = true
            return
        }
        if name == .escape, hasShebang { return }
        guard !directives.contains(where: { $0.name == name }) else { throw .repeatedDirective(word) }
        directives.append(ParserDirective(name: name, value: value, line: number))
    }

    private static func split(_ line: String) -> (word: String, value: String)? {
        guard line.hasPrefix("#") else { return nil }
        let text = line.unicodeScalars.dropFirst().drop { $0.properties.isWhitespace }
        let word = text.prefix { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) }
        let rest = text[word.endIndex...].drop { $0.properties.isWhitespace }
        guard let first = word.first, first.properties.isAlphabetic, rest.first == "=" else { return nil }
        let value = String(rest.dropFirst()).trimmed
        return value.isEmpty ? nil : (String(word).lowercased(), value)
    }
}

extension StringProtocol {
    /// The text without white space at both ends (Unicode's property White_Space).
    package var trimmed: String {
        let start = unicodeScalars.drop { $0.properties.isWhitespace }
        let length = start.reversed().drop { $0.properties.isWhitespace }.count
        return String(String.UnicodeScalarView(start.prefix(length)))
    }

    /// The text without white space at its start.
    var trimmedAtStart: String {
        String(String.UnicodeScalarView(unicodeScalars.drop { $0.properties.isWhitespace }))
    }
}
