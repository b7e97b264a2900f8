extension ShellParser {
    /// `if`, up to its `fi`.
    mutating func conditional() throws(ShellLine.Refusal) -> ShellNode {
        var branches: [ShellNode.Branch] = []
        take("if")
        while true {
            let condition = try body(until: ["then"])
            try expect("then")
            branches.append(ShellNode.Branch(condition: condition, body: try body(until: ["elif", "else", "fi"])))
            guard reservedWord() == "elif" else { break }
            take("elif")
        }
        var otherwise: ShellNode?
        if reservedWord() == "else" {
            take("else")
            otherwise = try body(until: ["fi"])
        }
        try expect("fi")
        return .conditional(branches, otherwise: otherwise)
    }

    /// `for NAME in WORD…`, up to its `done`.
    mutating func loop() throws(ShellLine.Refusal) -> ShellNode {
        take("for")
        skipBlanks()
        let name = Array(rest.prefix { Self.isNamePart($0) })
        guard let first = name.first, !("0"..."9").contains(first) else { throw .needsShell("such a loop ('for')") }
        rest = rest.dropFirst(name.count)
        try skipLines()
        guard reservedWord() == "in" else { throw .needsShell("a loop over arguments") }
        take("in")
        var words: [ShellWord] = []
        skipBlanks()
        while let scalar = rest.first, scalar != ";", scalar != "\n" {
            words.append(try wordThatIsThere())
            skipBlanks()
        }
        if rest.first == ";" { rest.removeFirst() }
        try expect("do")
        let body = try body(until: ["done"])
        try expect("done")
        return .loop(variable: name.text, over: words, body: body)
    }

    /// `case WORD in`, up to its `esac`.
    mutating func choice() throws(ShellLine.Refusal) -> ShellNode {
        take("case")
        skipBlanks()
        let word = try wordThatIsThere()
        try expect("in")
        var choices: [ShellNode.Choice] = []
        while true {
            try skipLines()
            if reservedWord() == "esac" { break }
            if rest.first == "(" { rest.removeFirst() }
            var patterns: [ShellWord] = []
            repeat {
                if !patterns.isEmpty { rest.removeFirst() }
                skipBlanks()
                patterns.append(try wordThatIsThere())
                skipBlanks()
            } while rest.first == "|"
            guard rest.first == ")" else { throw .needsShell("an alternative of 'case' without its ')'") }
            rest.removeFirst()
            try skipLines()
            let isEmpty = isAhead(";;") || reservedWord() == "esac"
            choices.append(ShellNode.Choice(patterns: patterns, body: isEmpty ? nil : try body(until: ["esac"])))
            guard isAhead(";;") else { break }
            rest = rest.dropFirst(2)
        }
        try expect("esac")
        return .choice(word, choices)
    }

    /// A compound command with the redirection of its output, where one follows.
    mutating func redirected(_ node: ShellNode) throws(ShellLine.Refusal) -> ShellNode {
        var command = ShellCommand()
        skipBlanks()
        while let scalar = rest.first, scalar == ">" || scalar == "<" || isStreamAhead {
            try redirection(of: &command)
            skipBlanks()
        }
        guard command.input == nil else { throw .needsShell("input of a compound command") }
        return command.output.map { .redirected(node, to: $0) } ?? node
    }

    private mutating func wordThatIsThere() throws(ShellLine.Refusal) -> ShellWord {
        let word = try word()
        guard !word.parts.isEmpty else { throw .needsShell("a missing word") }
        return word
    }
}
