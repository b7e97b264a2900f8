/// One pass of a ``ShellLexer`` over a text.
struct ShellScan {
    let lexer: ShellLexer
    let input: [Unicode.Scalar]
    let variables: [String: String]
    var position = 0
    var depth = 0
    var used: Set<String> = []
    var unset: Set<String> = []
    var emptied: Set<String> = []

    init(lexer: ShellLexer, input: [Unicode.Scalar], variables: [String: String]) {
        self.lexer = lexer
        self.input = input
        self.variables = variables
    }

    /// The character ahead; nil at the end.
    var peek: Unicode.Scalar? { position < input.count ? input[position] : nil }

    /// Takes the character ahead.
    mutating func next() -> Unicode.Scalar? {
        guard position < input.count else { return nil }
        defer { position += 1 }
        return input[position]
    }

    /// Expands up to a closing character, which it takes, or to the end when `stop` is nil.
    mutating func process(
        until stop: Unicode.Scalar?,
        words: inout WordCollector,
        keepsEscapes: Bool
    ) throws(ExpansionError) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        while let scalar = peek {
            if let stop, scalar == stop {
                position += 1
                return result
            }
            switch scalar {
            case "$":
                let value = try dollar()
                try append(value, to: &result)
                for scalar in value { words.add(scalar) }
            case "<":
                let text = possibleHeredoc()
                result.append(contentsOf: text)
                words.addRaw(text)
            case "'" where !lexer.ignoresQuotes:
                let text = try singleQuoted()
                result.append(contentsOf: text)
                words.addRaw(text)
            case "\"" where !lexer.ignoresQuotes:
                let text = try doubleQuoted(keepsEscapes: keepsEscapes)
                try append(text, to: &result)
                words.addRaw(text)
            case lexer.escape:
                position += 1
                if keepsEscapes {
                    result.append(scalar)
                    words.addRaw([scalar])
                }
                // An escape at the very end stands for nothing.
                if let escaped = next() {
                    result.append(escaped)
                    words.addRaw([escaped])
                }
            default:
                position += 1
                result.append(scalar)
                words.add(scalar)
            }
        }
        guard stop == nil else { throw .missingBrace }
        return result
    }

    /// Appends within the bound on length.
    func append(_ text: [Unicode.Scalar], to result: inout [Unicode.Scalar]) throws(ExpansionError) {
        guard result.count + text.count <= ShellLexer.maximumLength else { throw .tooLong }
        result.append(contentsOf: text)
    }

    private mutating func singleQuoted() throws(ExpansionError) -> [Unicode.Scalar] {
        position += 1
        var result: [Unicode.Scalar] = lexer.keepsQuotes ? ["'"] : []
        while let scalar = next() {
            guard scalar != "'" else {
                if lexer.keepsQuotes { result.append(scalar) }
                return result
            }
            result.append(scalar)
        }
        throw .unterminatedQuote("'")
    }

    // As in sh: within double quotes an escape counts only before a quote, a dollar and itself.
    private mutating func doubleQuoted(keepsEscapes: Bool) throws(ExpansionError) -> [Unicode.Scalar] {
        position += 1
        var result: [Unicode.Scalar] = lexer.keepsQuotes ? ["\""] : []
        while let scalar = peek {
            switch scalar {
            case "\"":
                position += 1
                if lexer.keepsQuotes { result.append(scalar) }
                return result
            case "$":
                try append(dollar(), to: &result)
            case lexer.escape:
                position += 1
                if keepsEscapes { result.append(scalar) }
                guard let escaped = peek else { throw .unterminatedQuote("\"") }
                if escaped == "\"" || escaped == "$" || escaped == lexer.escape {
                    position += 1
                    result.append(escaped)
                } else {
                    result.append(scalar)
                }
            default:
                position += 1
                result.append(scalar)
            }
        }
        throw .unterminatedQuote("\"")
    }

    // The white space between << and the name belongs to the word, so that `<< EOF` stays one.
    private mutating func possibleHeredoc() -> [Unicode.Scalar] {
        position += 1
        guard peek == "<" else { return ["<"] }
        position += 1
        var result: [Unicode.Scalar] = ["<", "<"]
        while let scalar = peek, scalar == " " || scalar == "\t" || scalar == "\r" {
            result.append(scalar)
            position += 1
        }
        return result
    }
}
