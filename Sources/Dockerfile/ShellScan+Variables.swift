extension ShellScan {
    /// Expands the reference that starts at a `$`.
    mutating func dollar() throws(ExpansionError) -> [Unicode.Scalar] {
        position += 1
        guard peek == "{" else {
            let name = name()
            guard !name.isEmpty else { return ["$"] }
            return value(of: name) ?? (lexer.keepsUnset ? ["$"] + Array(name.unicodeScalars) : [])
        }
        position += 1
        guard let first = peek else { throw .missingBrace }
        guard first != "{", first != "}", first != ":" else { throw .badSubstitution }
        depth += 1
        defer { depth -= 1 }
        guard depth <= ShellLexer.maximumDepth else { throw .tooDeep }
        let name = name()
        guard let modifier = next() else { throw .missingBrace }
        switch modifier {
        case "}":
            return value(of: name) ?? (lexer.keepsUnset ? Array("${\(name)}".unicodeScalars) : [])
        case "/":
            return try replacement(name)
        case ":":
            guard let second = next() else { throw .missingBrace }
            return try modified(name, by: second, emptyIsUnset: true)
        default:
            return try modified(name, by: modifier, emptyIsUnset: false)
        }
    }

    /// Letters, digits and `_`; a number; or one of the shell's special parameters.
    private mutating func name() -> String {
        guard let first = peek else { return "" }
        let start = position
        if first.properties.numericType == .decimal {
            while let scalar = peek, scalar.properties.numericType == .decimal { position += 1 }
        } else if "@*#?-$!".unicodeScalars.contains(first) {
            position += 1
        } else {
            while let scalar = peek, Self.isNamePart(scalar) { position += 1 }
        }
        return Array(input[start..<position]).text
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "_" { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return true
        default:
            return false
        }
    }

    private mutating func value(of name: String, hasWord: Bool = false) -> [Unicode.Scalar]? {
        guard let value = variables[name] else {
            unset.insert(name)
            if !hasWord { emptied.insert(name) }
            return nil
        }
        used.insert(name)
        return Array(value.unicodeScalars)
    }

    private mutating func modified(
        _ name: String,
        by modifier: Unicode.Scalar,
        emptyIsUnset: Bool
    ) throws(ExpansionError) -> [Unicode.Scalar] {
        let written = (emptyIsUnset ? ":" : "") + String(modifier)
        let isPattern = modifier == "#" || modifier == "%"
        guard "+-?#%".unicodeScalars.contains(modifier), !(emptyIsUnset && isPattern) else {
            throw .unsupportedModifier(written)
        }
        var words = WordCollector()
        let word = try process(until: "}", words: &words, keepsEscapes: isPattern)
        let value = value(of: name, hasWord: !isPattern)
        if value == nil, lexer.keepsUnset {
            return Array("${\(name)\(written)".unicodeScalars) + word + ["}"]
        }
        let isThere = value.map { !emptyIsUnset || !$0.isEmpty } ?? false
        switch modifier {
        case "-":
            return isThere ? value ?? [] : word
        case "+":
            return isThere ? word : []
        case "?":
            guard !isThere else { return value ?? [] }
            let what = value == nil ? "is not allowed to be unset" : "is not allowed to be empty"
            throw .required(name: name, message: word.isEmpty ? what : word.text)
        default:
            let isLongest = word.first == modifier
            let pattern = try ShellPattern(isLongest ? Array(word.dropFirst()) : word)
            let value = value ?? []
            return modifier == "#"
                ? try pattern.trimmingPrefix(of: value, longest: isLongest)
                : try pattern.trimmingSuffix(of: value, longest: isLongest)
        }
    }

    private mutating func replacement(_ name: String) throws(ExpansionError) -> [Unicode.Scalar] {
        let isEverywhere = peek == "/"
        if isEverywhere { position += 1 }
        var words = WordCollector()
        let pattern: [Unicode.Scalar]
        do {
            pattern = try process(until: "/", words: &words, keepsEscapes: true)
        } catch  where error == .missingBrace {
            throw .missingSlash
        }
        let replacement = try process(until: "}", words: &words, keepsEscapes: true)
        guard let value = value(of: name) else {
            guard lexer.keepsUnset else { return [] }
            return Array("${\(name)/".unicodeScalars) + pattern + ["/"] + replacement + ["}"]
        }
        return try ShellPattern(pattern).replacing(in: value, with: replacement, everywhere: isEverywhere)
    }
}
