/// Reads a ``ShellLine``: the grammar of POSIX's shell (XCU 2.10), without functions and `while`.
struct ShellParser {
    /// How deep compound commands may be nested.
    static let maximumDepth = 40

    var rest: ArraySlice<Unicode.Scalar>
    /// The texts of the here-documents that were announced.
    var heredocs: [ShellWord] = []
    /// Here-documents that follow the line that is read.
    var announced: [Heredoc] = []
    private var depth = 0

    struct Heredoc {
        let number: Int
        let name: String
        let isQuoted: Bool
        let stripsTabs: Bool
    }

    init(_ text: String) { rest = Array(text.unicodeScalars)[...] }

    /// The whole line.
    mutating func line() throws(ShellLine.Refusal) -> ShellNode {
        let nodes = try nodes(until: [])
        guard rest.isEmpty else { throw .needsShell("'\(String(String.UnicodeScalarView(rest.prefix(8))))' there") }
        guard announced.isEmpty else { throw .needsShell("a here-document that isn't there") }
        return .list(nodes)
    }

    /// A list that isn't empty, up to one of these words, which stays.
    mutating func body(until closers: Set<String>) throws(ShellLine.Refusal) -> ShellNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw .needsShell("a deeply nested command") }
        let nodes = try nodes(until: closers)
        guard !nodes.isEmpty else { throw .needsShell("an empty part of a compound command") }
        return .list(nodes)
    }

    private mutating func nodes(until closers: Set<String>) throws(ShellLine.Refusal) -> [ShellNode] {
        var nodes: [ShellNode] = []
        while true {
            try skipLines()
            guard let next = rest.first, next != ")", !isAhead(";;"), !closers.contains(reservedWord()) else {
                return nodes
            }
            nodes.append(try chain())
            skipBlanks()
            switch rest.first {
            case ";" where !isAhead(";;"): rest.removeFirst()
            case "&": throw .needsShell("a command in the background ('&')")
            case nil, ")", ";", "\n": break
            default: throw .needsShell("two commands without ';' between them")
            }
        }
    }

    private mutating func chain() throws(ShellLine.Refusal) -> ShellNode {
        let first = try pipeline()
        var links: [ShellNode.Link] = []
        while true {
            skipBlanks()
            let isAnd = isAhead("&&")
            guard isAnd || isAhead("||") else { return links.isEmpty ? first : .chain(first, links) }
            rest = rest.dropFirst(2)
            try skipLines()
            links.append(ShellNode.Link(isAnd: isAnd, node: try pipeline()))
        }
    }

    private mutating func pipeline() throws(ShellLine.Refusal) -> ShellNode {
        skipBlanks()
        var isNegated = false
        if reservedWord() == "!" {
            rest.removeFirst()
            isNegated = true
        }
        var members = [try command()]
        while true {
            skipBlanks()
            guard rest.first == "|", !isAhead("||") else { break }
            guard !isAhead("|&") else { throw .needsShell("a pipe of errors ('|&')") }
            rest.removeFirst()
            try skipLines()
            members.append(try command())
        }
        if members.count > 1 { try checkPipe(members) }
        let node = members.count == 1 ? members[0] : .pipeline(members)
        return isNegated ? .negation(node) : node
    }

    // What goes through a pipe is known where a command prints, and tee or cat reads.
    private func checkPipe(_ members: [ShellNode]) throws(ShellLine.Refusal) {
        for (index, member) in members.enumerated() {
            let readers: Set = ["cat", "tee"]
            let known = index > 0 ? readers : readers.union(["echo", "printf", "getent", "id"])
            guard case .command(let command) = member, let path = command.words.first?.literal,
                let name = path.split(separator: "/").last, known.contains(String(name))
            else { throw .needsShell("a pipe ('|') of other commands than echo, printf, cat and tee") }
        }
    }

    private mutating func command() throws(ShellLine.Refusal) -> ShellNode {
        skipBlanks()
        switch reservedWord() {
        case "if": return try redirected(conditional())
        case "for": return try redirected(loop())
        case "case": return try redirected(choice())
        case "{":
            take("{")
            let body = try body(until: ["}"])
            try expect("}")
            return try redirected(.group(body, isSubshell: false))
        case "while", "until": throw .needsShell("a loop with a condition")
        case "function", "select", "[[", "coproc": throw .needsShell("'\(reservedWord())'")
        case "then", "elif", "else", "fi", "do", "done", "esac", "}", "!", "in":
            throw .needsShell("'\(reservedWord())' there")
        default: break
        }
        guard rest.first == "(" else { return try simpleCommand() }
        guard !isAhead("((") else { throw .needsShell("an arithmetic command") }
        rest.removeFirst()
        let body = try body(until: [])
        guard rest.first == ")" else { throw .needsShell("a subshell that isn't closed") }
        rest.removeFirst()
        return try redirected(.group(body, isSubshell: true))
    }

    // MARK: Small steps

    /// The word ahead, where it has no quotes and the like; reserved words are told by it.
    func reservedWord() -> String {
        let word = rest.prefix { !" \t\n;&|<>()".unicodeScalars.contains($0) }
        return word.count > 8 ? "" : String(String.UnicodeScalarView(word))
    }

    func isAhead(_ text: String) -> Bool { rest.starts(with: text.unicodeScalars) }

    mutating func take(_ word: String) { rest = rest.dropFirst(word.unicodeScalars.count) }

    mutating func expect(_ word: String) throws(ShellLine.Refusal) {
        try skipLines()
        guard reservedWord() == word else { throw .needsShell("a compound command without '\(word)'") }
        take(word)
    }

    /// Skips blanks and a comment.
    mutating func skipBlanks() {
        while let scalar = rest.first {
            if isAhead("\\\n") {
                rest = rest.dropFirst(2)
            } else if scalar == "#" {
                // What follows on the line is a comment, also what a continuation brings.
                rest = rest.drop { $0 != "\n" }
            } else if scalar == " " || scalar == "\t" {
                rest.removeFirst()
            } else {
                return
            }
        }
    }

    /// Skips blanks, comments, ends of lines and the here-documents behind them.
    mutating func skipLines() throws(ShellLine.Refusal) {
        skipBlanks()
        while rest.first == "\n" {
            rest.removeFirst()
            try readHeredocs()
            skipBlanks()
        }
    }
}
