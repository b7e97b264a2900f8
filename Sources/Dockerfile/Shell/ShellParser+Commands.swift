extension ShellParser {
    /// A command that isn't compound.
    mutating func simpleCommand() throws(ShellLine.Refusal) -> ShellNode {
        var command = ShellCommand()
        var hasRedirection = false
        while true {
            skipBlanks()
            guard let scalar = rest.first, !"\n;&|)".unicodeScalars.contains(scalar) else { break }
            if scalar == ">" || scalar == "<" || isStreamAhead {
                try redirection(of: &command)
                hasRedirection = true
            } else if scalar == "(" {
                throw .needsShell("a function or a subshell there ('(')")
            } else if command.words.isEmpty, let name = assignedName {
                rest = rest.dropFirst(name.unicodeScalars.count + 1)
                guard rest.first != "~" else { throw .needsShell("a home directory ('~')") }
                command.assignments.append(ShellCommand.Assignment(name: name, value: try word()))
            } else {
                command.words.append(try word())
            }
        }
        guard !command.words.isEmpty || !command.assignments.isEmpty || hasRedirection else {
            throw .needsShell(rest.isEmpty ? "'&&', '||' or '|' without a command behind it" : "a missing command")
        }
        return .command(command)
    }

    private var assignedName: String? {
        let name = rest.prefix { Self.isNamePart($0) }
        guard let first = name.first, !("0"..."9").contains(first), rest.dropFirst(name.count).first == "=" else {
            return nil
        }
        return Array(name).text
    }

    /// Whether a redirection with a stream's number is next.
    var isStreamAhead: Bool {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        let next = rest.dropFirst(digits.count).first
        return !digits.isEmpty && (next == ">" || next == "<")
    }

    /// A redirection, of standard output or input to a file, or one that has no effect on files.
    mutating func redirection(of command: inout ShellCommand) throws(ShellLine.Refusal) {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        let stream = digits.isEmpty ? nil : Array(digits).text
        rest = rest.dropFirst(digits.count)
        if rest.first == "<" { return try input(of: &command, stream) }
        rest.removeFirst()
        if rest.first == "&" {
            rest.removeFirst()
            let target = try word().literal
            switch (stream ?? "1", target) {
            case ("1", "1"), ("2", "1"), ("2", "2"): return
            case ("1", "2"): return try set(.errors, of: &command)
            default: throw .needsShell("a redirection of another stream ('>&')")
            }
        }
        let isAppended = rest.first == ">"
        if isAppended || rest.first == "|" { rest.removeFirst() }
        skipBlanks()
        let path = try word()
        guard !path.parts.isEmpty else { throw .needsShell("a redirection that names no file") }
        guard stream != "2" else {
            // What goes to standard error is in no file.
            guard ["/dev/null", "/dev/stdout", "/dev/stderr"].contains(path.literal) else {
                throw .needsShell("a redirection of errors to a file ('2>')")
            }
            return
        }
        guard stream ?? "1" == "1" else { throw .needsShell("a redirection of another stream ('\(stream ?? "")>')") }
        try set(.file(path, isAppended: isAppended), of: &command)
    }

    private func set(_ output: ShellOutput, of command: inout ShellCommand) throws(ShellLine.Refusal) {
        guard command.output == nil else { throw .needsShell("two redirections of one command") }
        command.output = output
    }

    private mutating func input(of command: inout ShellCommand, _ stream: String?) throws(ShellLine.Refusal) {
        guard stream ?? "0" == "0", command.input == nil else { throw .needsShell("two inputs of one command") }
        rest.removeFirst()
        guard rest.first == "<" else {
            guard let next = rest.first, next != "&", next != ">" else { throw .needsShell("such an input ('<')") }
            skipBlanks()
            let path = try word()
            guard !path.parts.isEmpty else { throw .needsShell("an input that names no file") }
            command.input = .file(path)
            return
        }
        rest.removeFirst()
        guard rest.first != "<" else { throw .needsShell("a here-string ('<<<')") }
        let stripsTabs = rest.first == "-"
        if stripsTabs { rest.removeFirst() }
        skipBlanks()
        let before = rest
        guard let name = try word().literal, !name.isEmpty else { throw .needsShell("such a here-document ('<<')") }
        let written = before.prefix(before.count - rest.count)
        let isQuoted = written.contains { "'\"\\".unicodeScalars.contains($0) }
        command.input = .heredoc(heredocs.count)
        announced.append(
            Heredoc(number: heredocs.count, name: name, isQuoted: isQuoted, stripsTabs: stripsTabs)
        )
        heredocs.append(ShellWord(""))
    }

    /// Reads the texts of the here-documents that were announced on the line before.
    mutating func readHeredocs() throws(ShellLine.Refusal) {
        for heredoc in announced {
            var text: [Unicode.Scalar] = []
            while true {
                guard !rest.isEmpty else { throw .needsShell("a here-document without its end, '\(heredoc.name)'") }
                var line = rest.prefix { $0 != "\n" }
                rest = rest.dropFirst(line.count + 1)
                if heredoc.stripsTabs { line = line.drop { $0 == "\t" } }
                if Array(line).text == heredoc.name { break }
                text += line + ["\n"]
            }
            if heredoc.isQuoted {
                heredocs[heredoc.number] = ShellWord(text.text)
            } else {
                var parser = ShellParser(text.text)
                heredocs[heredoc.number] = ShellWord(parts: try parser.heredocText())
            }
        }
        announced = []
    }
}
