extension ShellParser {
    static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }

    /// The word ahead; one without parts where there is none.
    mutating func word() throws(ShellLine.Refusal) -> ShellWord {
        try word(until: " \t\n;&|<>()")
    }

    private mutating func word(until ends: String) throws(ShellLine.Refusal) -> ShellWord {
        var word = WordParts()
        while let scalar = rest.first, !ends.unicodeScalars.contains(scalar) {
            switch scalar {
            case "'":
                rest.removeFirst()
                let text = rest.prefix { $0 != "'" }
                rest = rest.dropFirst(text.count)
                guard rest.popFirst() != nil else { throw .needsShell("a quote that isn't closed") }
                word.add(text)
            case "\"":
                rest.removeFirst()
                try quoted(into: &word)
            case "$": try variable(into: &word, isQuoted: false)
            case "\\":
                rest.removeFirst()
                guard let next = rest.popFirst() else { throw .needsShell("a backslash at the end") }
                if next != "\n" { word.add(next) }
            case "`": throw .needsShell("a command's output ('`')")
            case "{", "}": throw .needsShell("a brace")
            case "~" where word.isEmpty: throw .needsShell("a home directory ('~')")
            case "*", "?", "[":
                rest.removeFirst()
                word.add(.wildcard(scalar))
            default:
                rest.removeFirst()
                word.add(scalar)
            }
        }
        return ShellWord(parts: word.parts)
    }

    private mutating func quoted(into word: inout WordParts) throws(ShellLine.Refusal) {
        word.add([])
        while let scalar = rest.first {
            switch scalar {
            case "\"":
                rest.removeFirst()
                return
            case "$": try variable(into: &word, isQuoted: true)
            case "\\": try escape(before: "$`\"\\", into: &word)
            case "`": throw .needsShell("a command's output ('`')")
            default:
                rest.removeFirst()
                word.add(scalar)
            }
        }
        throw .needsShell("a quote that isn't closed")
    }

    /// The text of a here-document: as between double quotes, but for the quotes.
    mutating func heredocText() throws(ShellLine.Refusal) -> [ShellWord.Part] {
        var word = WordParts()
        word.add([])
        while let scalar = rest.first {
            switch scalar {
            case "$": try variable(into: &word, isQuoted: true)
            case "`": throw .needsShell("a command's output ('`')")
            case "\\": try escape(before: "$`\\", into: &word)
            default:
                rest.removeFirst()
                word.add(scalar)
            }
        }
        return word.parts
    }

    // Between double quotes a backslash stands for itself before anything but these and the end of a line.
    private mutating func escape(before special: String, into word: inout WordParts) throws(ShellLine.Refusal) {
        rest.removeFirst()
        guard let next = rest.popFirst() else { throw .needsShell("a backslash at the end") }
        if next == "\n" { return }
        if !special.unicodeScalars.contains(next) { word.add("\\" as Unicode.Scalar) }
        word.add(next)
    }

    private mutating func variable(into word: inout WordParts, isQuoted: Bool) throws(ShellLine.Refusal) {
        rest.removeFirst()
        let isBraced = rest.first == "{"
        if isBraced { rest.removeFirst() }
        let name = rest.prefix { Self.isNamePart($0) }
        rest = rest.dropFirst(name.count)
        guard let first = name.first, !("0"..."9").contains(first) else {
            // A dollar before nothing that a name could begin with is one.
            let plain = " \t\n;|&)/.,:=%" + (isQuoted ? "\"" : "")
            guard !isBraced, name.isEmpty, rest.first.map({ plain.unicodeScalars.contains($0) }) ?? true
            else {
                throw .needsShell(
                    isAhead("(") && !isBraced ? "a command's output ('$(')" : "an expansion that isn't a variable ('$')"
                )
            }
            return word.add("$" as Unicode.Scalar)
        }
        var variable = ShellVariable(name: Array(name).text)
        if isBraced { variable.change = try change(isQuoted: isQuoted) }
        word.add(.variable(variable, isQuoted: isQuoted))
    }

    private mutating func change(isQuoted: Bool) throws(ShellLine.Refusal) -> ShellVariable.Change? {
        var sign = rest.popFirst()
        if sign == "}" { return nil }
        let alsoOfEmpty = sign == ":"
        if alsoOfEmpty { sign = rest.popFirst() }
        let isPattern = !alsoOfEmpty && (sign == "#" || sign == "%")
        guard let sign, sign == "-" || sign == "+" || isPattern else {
            throw .needsShell("such a change of a variable ('${')")
        }
        let longest = isPattern && rest.first == sign
        if longest { rest.removeFirst() }
        // A quote within the braces means different things to shells where they stand between quotes.
        let word = try word(until: isQuoted || isPattern ? "}'\"`{$\\\n" : "} \t\n'\"`{$\\")
        guard rest.popFirst() == "}" else { throw .needsShell("such a change of a variable ('${')") }
        if isPattern { return .trimmed(word, atStart: sign == "#", longest: longest) }
        guard !word.parts.contains(where: { if case .wildcard = $0 { true } else { false } }) else {
            throw .needsShell("a pattern in place of a variable")
        }
        return sign == "-"
            ? .instead(word, alsoOfEmpty: alsoOfEmpty) : .whereSet(word, alsoOfEmpty: alsoOfEmpty)
    }
}

/// The parts of a word that is read.
private struct WordParts {
    private var read: [ShellWord.Part] = []
    private var text: String.UnicodeScalarView?

    var isEmpty: Bool { read.isEmpty && text == nil }

    var parts: [ShellWord.Part] {
        var parts = read
        if let text { parts.append(.text(String(text))) }
        return parts
    }

    /// Adds characters that stand for themselves.
    mutating func add(_ scalars: some Sequence<Unicode.Scalar>) {
        var all = text ?? String.UnicodeScalarView()
        text = nil
        all.append(contentsOf: scalars)
        text = all
    }

    /// Adds a character that stands for itself.
    mutating func add(_ scalar: Unicode.Scalar) { add(CollectionOfOne(scalar)) }

    mutating func add(_ part: ShellWord.Part) {
        if let text { read.append(.text(String(text))) }
        read.append(part)
        text = nil
    }
}
