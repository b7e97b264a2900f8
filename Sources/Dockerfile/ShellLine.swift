/// A line for `/bin/sh` that is nothing but simple commands, one after the other: what can be carried out without a shell
/// (docs/run.md, "The line").
///
/// Everything that a shell would do with a line beside starting commands is refused: patterns, pipes, substitutions,
/// conditions, backslashes. Variables are those of the Dockerfile.
package struct ShellLine: Equatable, Sendable {
    /// A command, its arguments, and the file that its output goes to.
    package struct Command: Equatable, Sendable {
        /// The command and its arguments.
        package internal(set) var words: [String] = []
        /// Where its output goes; nil when it is only shown.
        package internal(set) var output: Output?

        /// A command from its words.
        package init(words: [String] = [], output: Output? = nil) {
            self.words = words
            self.output = output
        }
    }

    /// The file of a redirection.
    package struct Output: Equatable, Sendable {
        /// The file's path.
        package let path: String
        /// Whether it is `>>`.
        package let isAppended: Bool
    }

    /// Why a line isn't one of simple commands.
    package enum Refusal: Error, Equatable, Sendable {
        /// Something that only a shell can do, in words.
        case needsShell(String)
        /// A variable that the Dockerfile doesn't set.
        case unset(String)
    }

    /// The commands in their order.
    package private(set) var commands: [Command] = []

    /// Reads a line.
    package init(parsing text: String, variables: [String: String]) throws(Refusal) {
        var scan = Scan(rest: Array(text.unicodeScalars)[...], variables: variables)
        commands = try scan.commands()
    }
}

extension ShellLine {
    private struct Scan {
        var rest: ArraySlice<Unicode.Scalar>
        let variables: [String: String]

        mutating func commands() throws(Refusal) -> [Command] {
            var commands: [Command] = []
            var command = Command()
            var mustFollow = false
            func finish(_ operation: String) throws(Refusal) {
                guard !command.words.isEmpty else { throw .needsShell("'\(operation)' without a command before it") }
                commands.append(command)
                command = Command()
            }
            while let scalar = rest.first {
                switch scalar {
                case " ", "\t": rest.removeFirst()
                case "#":
                    // What follows on the line is a comment, also what a continuation brings.
                    rest = rest.drop { $0 != "\n" }
                case "\n", ";":
                    rest.removeFirst()
                    if scalar == ";" || !command.words.isEmpty { try finish(";") }
                case "&":
                    rest.removeFirst()
                    guard rest.popFirst() == "&" else { throw .needsShell("a command in the background ('&')") }
                    try finish("&&")
                    mustFollow = true
                case "|": throw .needsShell(rest.dropFirst().first == "|" ? "a choice ('||')" : "a pipe ('|')")
                case "(", ")": throw .needsShell("a subshell ('\(scalar)')")
                case "<": throw .needsShell("input from a file ('<')")
                case ">":
                    guard command.output == nil else { throw .needsShell("two redirections of one command") }
                    command.output = try redirection()
                default:
                    let start = rest
                    let word = try word()
                    if command.words.isEmpty, Self.isAssignment(start) { throw .needsShell("a variable that is set") }
                    if rest.first == ">", !word.isEmpty, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                        throw .needsShell("a redirection of another stream ('\(word)>')")
                    }
                    command.words.append(word)
                    mustFollow = false
                }
            }
            if !command.words.isEmpty {
                commands.append(command)
            } else if command.output != nil {
                throw .needsShell("a redirection without a command")
            }
            guard !mustFollow else { throw .needsShell("'&&' without a command behind it") }
            return commands
        }

        private static func isAssignment(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
            let name = text.prefix { isNamePart($0) }
            return !name.isEmpty && text.dropFirst(name.count).first == "="
        }

        private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        }

        private mutating func redirection() throws(Refusal) -> Output {
            rest.removeFirst()
            let isAppended = rest.first == ">"
            if isAppended { rest.removeFirst() }
            while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
            guard let next = rest.first, !"&|<>;\n#".unicodeScalars.contains(next) else {
                throw .needsShell("a redirection that names no file")
            }
            return Output(path: try word(), isAppended: isAppended)
        }

        private mutating func word() throws(Refusal) -> String {
            var word = String.UnicodeScalarView()
            var isFirst = true
            while let scalar = rest.first {
                switch scalar {
                case " ", "\t", "\n", ";", "&", "|", "<", ">", "(", ")": return String(word)
                case "'":
                    rest.removeFirst()
                    let text = rest.prefix { $0 != "'" }
                    rest = rest.dropFirst(text.count)
                    guard rest.popFirst() != nil else { throw .needsShell("a quote that isn't closed") }
                    word.append(contentsOf: text)
                case "\"":
                    rest.removeFirst()
                    try quoted(&word)
                case "$": word.append(contentsOf: try variable(isQuoted: false).unicodeScalars)
                case "\\": throw .needsShell("a backslash")
                case "`": throw .needsShell("a command's output ('`')")
                case "*", "?", "[": throw .needsShell("a pattern ('\(scalar)')")
                case "{", "}": throw .needsShell("a brace")
                case "~" where isFirst: throw .needsShell("a home directory ('~')")
                case "!" where isFirst && rest.dropFirst().first == " ": throw .needsShell("a negation ('!')")
                default:
                    rest.removeFirst()
                    word.append(scalar)
                }
                isFirst = false
            }
            return String(word)
        }

        private mutating func quoted(_ word: inout String.UnicodeScalarView) throws(Refusal) {
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

        private mutating func variable(isQuoted: Bool) throws(Refusal) -> String {
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
}
