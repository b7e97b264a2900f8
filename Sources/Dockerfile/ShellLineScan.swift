/// One pass over a ``ShellLine``.
struct ShellLineScan {
    var rest: ArraySlice<Unicode.Scalar>
    let variables: [String: String]

    /// Here-documents that were announced on the line that is read.
    private var announced: [(command: Int, word: HeredocWord)] = []
    private var list: [ShellLine.Command] = []
    private var command = ShellLine.Command()
    /// Whether the command follows `||`, and isn't run.
    private var isSkipped = false
    private var mustFollow = false

    private struct HeredocWord {
        let name: String
        let isQuoted: Bool
        let stripsTabs: Bool
    }

    init(rest: ArraySlice<Unicode.Scalar>, variables: [String: String]) {
        self.rest = rest
        self.variables = variables
    }

    /// The commands that are run.
    mutating func commands() throws(ShellLine.Refusal) -> [ShellLine.Command] {
        while let scalar = rest.first {
            switch scalar {
            case " ", "\t": rest.removeFirst()
            case "#":
                // What follows on the line is a comment, also what a continuation brings.
                rest = rest.drop { $0 != "\n" }
            case "\n":
                rest.removeFirst()
                if !command.words.isEmpty { try finish(";") }
                try readHeredocs()
            case ";":
                rest.removeFirst()
                try finish(";")
            case "&":
                rest.removeFirst()
                guard rest.popFirst() == "&" else { throw .needsShell("a command in the background ('&')") }
                try finish("&&")
                mustFollow = true
            case "|":
                rest.removeFirst()
                guard rest.popFirst() == "|" else { throw .needsShell("a pipe ('|')") }
                try finish("||")
                (isSkipped, mustFollow) = (true, true)
            case "(", ")": throw .needsShell("a subshell ('\(scalar)')")
            case "<": try announce()
            case ">":
                guard command.output == nil else { throw .needsShell("two redirections of one command") }
                command.output = try redirection()
            default: try readWord()
            }
        }
        if !command.words.isEmpty {
            try finish(";")
        } else if command.output != nil {
            throw .needsShell("a redirection without a command")
        }
        guard !mustFollow else { throw .needsShell("'&&' or '||' without a command behind it") }
        guard announced.isEmpty else { throw .needsShell("a here-document that isn't there") }
        return list
    }

    // Of commands between || one is run: all are taken to succeed.
    private mutating func finish(_ operation: String) throws(ShellLine.Refusal) {
        guard !command.words.isEmpty else { throw .needsShell("'\(operation)' without a command before it") }
        // A here-document of the last command still comes.
        if !isSkipped { list.append(command) }
        command = ShellLine.Command()
        isSkipped = false
    }

    private mutating func readWord() throws(ShellLine.Refusal) {
        let start = rest
        let (word, pattern) = try word()
        if command.words.isEmpty, Self.isAssignment(start) { throw .needsShell("a variable that is set") }
        if rest.first == ">", !word.isEmpty, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return try redirectStream(word)
        }
        if let pattern { command.patterns[command.words.count] = pattern }
        command.words.append(word)
        mustFollow = false
    }

    // What goes to standard error is in no file.
    private mutating func redirectStream(_ number: String) throws(ShellLine.Refusal) {
        rest.removeFirst()
        rest = rest.drop { $0 == " " || $0 == "\t" }
        let text = String(String.UnicodeScalarView(rest.prefix(9)))
        let isNull =
            text == "/dev/null" && rest.dropFirst(9).first.map { " \t\n;&|".unicodeScalars.contains($0) } ?? true
        let isOutput =
            text.hasPrefix("&1") && rest.dropFirst(2).first.map { " \t\n;&|".unicodeScalars.contains($0) } ?? true
        guard number == "2", isNull || isOutput else {
            throw .needsShell("a redirection of another stream ('\(number)>')")
        }
        rest = rest.dropFirst(isNull ? 9 : 2)
    }

    private mutating func announce() throws(ShellLine.Refusal) {
        rest.removeFirst()
        guard rest.popFirst() == "<", rest.first != "<" else { throw .needsShell("input from a file ('<')") }
        let stripsTabs = rest.first == "-"
        if stripsTabs { rest.removeFirst() }
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        let before = rest
        let (name, pattern) = try word()
        guard !command.words.isEmpty, command.input == nil, pattern == nil, !name.isEmpty, !isSkipped,
            !before.prefix(before.count - rest.count).contains("$")
        else { throw .needsShell("such a here-document ('<<')") }
        let isQuoted = before.prefix(before.count - rest.count).contains { $0 == "'" || $0 == "\"" }
        command.input = ""
        announced.append((list.count, HeredocWord(name: name, isQuoted: isQuoted, stripsTabs: stripsTabs)))
    }

    private mutating func readHeredocs() throws(ShellLine.Refusal) {
        for (index, word) in announced {
            var text: [Unicode.Scalar] = []
            while true {
                guard !rest.isEmpty else { throw .needsShell("a here-document without its end, '\(word.name)'") }
                var line = rest.prefix { $0 != "\n" }
                rest = rest.dropFirst(line.count + 1)
                if word.stripsTabs { line = line.drop { $0 == "\t" } }
                if String(String.UnicodeScalarView(line)) == word.name { break }
                text += line + ["\n"]
            }
            if !word.isQuoted {
                var scan = ShellLineScan(rest: text[...], variables: variables)
                text = Array(try scan.heredocText())
            }
            list[index].input = String(String.UnicodeScalarView(text))
        }
        announced = []
    }

    // As between double quotes, but for the quotes.
    private mutating func heredocText() throws(ShellLine.Refusal) -> String.UnicodeScalarView {
        var text = String.UnicodeScalarView()
        while let scalar = rest.first {
            switch scalar {
            case "$": text.append(contentsOf: try variable(isQuoted: true).unicodeScalars)
            case "`": throw .needsShell("a command's output ('`')")
            case "\\":
                rest.removeFirst()
                guard let next = rest.popFirst() else { throw .needsShell("a backslash") }
                if next == "\n" { continue }
                if !"$`\\".unicodeScalars.contains(next) { text.append(scalar) }
                text.append(next)
            default:
                rest.removeFirst()
                text.append(scalar)
            }
        }
        return text
    }

    private static func isAssignment(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let name = text.prefix { isNamePart($0) }
        return !name.isEmpty && text.dropFirst(name.count).first == "="
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }

    private mutating func redirection() throws(ShellLine.Refusal) -> ShellLine.Output {
        rest.removeFirst()
        let isAppended = rest.first == ">"
        if isAppended { rest.removeFirst() }
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        guard let next = rest.first, !"&|<>;\n#".unicodeScalars.contains(next) else {
            throw .needsShell("a redirection that names no file")
        }
        let (path, pattern) = try word()
        guard pattern == nil else { throw .needsShell("a redirection to a pattern") }
        return ShellLine.Output(path: path, isAppended: isAppended)
    }

    // The pattern is nil for a word without `*` and `?`.
    private mutating func word() throws(ShellLine.Refusal) -> (text: String, pattern: String?) {
        var word = String.UnicodeScalarView()
        var pattern = String.UnicodeScalarView()
        var isPattern = false
        var isFirst = true
        func add(_ text: some Sequence<Unicode.Scalar>) {
            for scalar in text {
                word.append(scalar)
                if "*?[\\".unicodeScalars.contains(scalar) { pattern.append("\\") }
                pattern.append(scalar)
            }
        }
        while let scalar = rest.first, !" \t\n;&|<>()".unicodeScalars.contains(scalar) {
            switch scalar {
            case "'":
                rest.removeFirst()
                let text = rest.prefix { $0 != "'" }
                rest = rest.dropFirst(text.count)
                guard rest.popFirst() != nil else { throw .needsShell("a quote that isn't closed") }
                add(text)
            case "\"":
                rest.removeFirst()
                var text = String.UnicodeScalarView()
                try quoted(&text)
                add(text)
            case "$": add(try variable(isQuoted: false).unicodeScalars)
            case "\\": throw .needsShell("a backslash")
            case "`": throw .needsShell("a command's output ('`')")
            case "[": throw .needsShell("a pattern ('[')")
            case "{", "}": throw .needsShell("a brace")
            case "~" where isFirst: throw .needsShell("a home directory ('~')")
            case "!" where isFirst && rest.dropFirst().first == " ": throw .needsShell("a negation ('!')")
            case "*", "?":
                rest.removeFirst()
                word.append(scalar)
                pattern.append(scalar)
                isPattern = true
            default:
                rest.removeFirst()
                add([scalar])
            }
            isFirst = false
        }
        return (String(word), isPattern ? String(pattern) : nil)
    }

    private mutating func quoted(_ word: inout String.UnicodeScalarView) throws(ShellLine.Refusal) {
        while let scalar = rest.first {
            switch scalar {
            case "\"":
                rest.removeFirst()
                return
            case "$": word.append(contentsOf: try variable(isQuoted: true).unicodeScalars)
            case "\\":
                // Before anything but these four it stands for itself.
                rest.removeFirst()
                guard let next = rest.popFirst() else { throw .needsShell("a quote that isn't closed") }
                if !"$`\"\\".unicodeScalars.contains(next) { word.append(scalar) }
                word.append(next)
            case "`": throw .needsShell("a command's output ('`')")
            default:
                rest.removeFirst()
                word.append(scalar)
            }
        }
        throw .needsShell("a quote that isn't closed")
    }

    private mutating func variable(isQuoted: Bool) throws(ShellLine.Refusal) -> String {
        rest.removeFirst()
        let isBraced = rest.first == "{"
        if isBraced { rest.removeFirst() }
        let name = rest.prefix { Self.isNamePart($0) }
        rest = rest.dropFirst(name.count)
        guard let first = name.first, !("0"..."9").contains(first), !isBraced || rest.popFirst() == "}" else {
            throw .needsShell("an expansion that isn't a plain variable ('$')")
        }
        let key = Array(name).text
        guard let value = variables[key] else { throw .unset(key) }
        // Unquoted, a shell splits the value and looks for patterns in it.
        guard isQuoted || (!value.isEmpty && value.unicodeScalars.allSatisfy(Self.isPlain)) else {
            throw .needsShell("the variable \(key) without quotes, whose value is not one plain word")
        }
        return value
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        isNamePart(scalar) || "./:@%+=,-".unicodeScalars.contains(scalar)
    }
}
