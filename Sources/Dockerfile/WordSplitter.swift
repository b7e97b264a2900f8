/// Splits arguments at white space.
enum WordSplitter {
    /// Splits at white space only.
    static func split(_ text: String) -> [String] {
        text.unicodeScalars.split(whereSeparator: InstructionText.isSeparator).map { String($0) }
    }

    /// Splits in two at the first white space; nil when there is none.
    static func splitOnce(_ text: String) -> (first: String, rest: String)? {
        let first = text.unicodeScalars.prefix { !InstructionText.isSeparator($0) }
        guard first.endIndex < text.unicodeScalars.endIndex else { return nil }
        let rest = text.unicodeScalars[first.endIndex...].drop(while: InstructionText.isSeparator)
        return (String(first), String(String.UnicodeScalarView(rest)))
    }

    /// Splits at white space that isn't quoted or escaped.
    ///
    /// Quotes and escapes stay: expansion takes them off.
    static func splitQuoted(_ text: String, escape: Unicode.Scalar) -> [String] {
        var words: [String] = []
        var word: [Unicode.Scalar] = []
        var quote: Unicode.Scalar?
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if quote == nil, scalar.properties.isWhitespace {
                if !word.isEmpty { words.append(word.text) }
                word.removeAll(keepingCapacity: true)
                continue
            }
            // In single quotes nothing is escaped.
            if scalar == escape, quote != "'" {
                // An escape at the very end stands for nothing.
                guard let escaped = scalars.popFirst() else { break }
                word.append(scalar)
                word.append(escaped)
                continue
            }
            if scalar == quote {
                quote = nil
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
            }
            word.append(scalar)
        }
        if !word.isEmpty { words.append(word.text) }
        return words
    }
}
