/// An instruction's text taken apart: keyword, flags, and the rest.
struct InstructionText {
    /// The first word, as it is written.
    let keyword: String
    /// The words that start with `--` before anything else, quotes and escapes taken off.
    let flags: [String]
    /// What follows, without white space around it.
    let arguments: String

    /// Takes an instruction's text apart.
    init(_ line: String, escape: Unicode.Scalar) {
        let text = line.trimmed.unicodeScalars
        let keyword = text.prefix { !Self.isSeparator($0) }
        self.keyword = String(keyword)
        var scan = Scan(rest: Array(text[keyword.endIndex...]), escape: escape)
        flags = scan.takeFlags()
        arguments = Array(scan.rest[scan.position...]).text.trimmed
    }

    /// White space between words: all but the newline, which can't be in an instruction.
    static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        "\t\u{B}\u{C}\r ".unicodeScalars.contains(scalar)
    }

    private struct Scan {
        let rest: [Unicode.Scalar]
        let escape: Unicode.Scalar
        var position = 0

        mutating func takeFlags() -> [String] {
            var flags: [String] = []
            while true {
                while position < rest.count, rest[position].properties.isWhitespace { position += 1 }
                guard position + 1 < rest.count, rest[position] == "-", rest[position + 1] == "-" else { return flags }
                let word = takeWord()
                // A bare -- ends the flags.
                if word == "--" { return flags }
                flags.append(word)
            }
        }

        private mutating func takeWord() -> String {
            var word: [Unicode.Scalar] = []
            var quote: Unicode.Scalar?
            while position < rest.count {
                let scalar = rest[position]
                if quote == nil, scalar.properties.isWhitespace { break }
                position += 1
                if scalar == quote {
                    quote = nil
                } else if quote == nil, scalar == "'" || scalar == "\"" {
                    quote = scalar
                } else if scalar == escape {
                    guard position < rest.count else { break }
                    word.append(rest[position])
                    position += 1
                } else {
                    word.append(scalar)
                }
            }
            return word.text
        }
    }
}
