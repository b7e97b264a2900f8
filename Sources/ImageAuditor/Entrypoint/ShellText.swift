/// A shell's text, read up to the end for what starts a second program (POSIX.1-2017, 2.3, "Token Recognition").
///
/// It errs on one side: a text that it calls simple starts one program.
struct ShellText {
    /// Whether nothing was met so far that starts, or may start, something else than the one command.
    private(set) var isSimple = true

    private var rest: Substring.UnicodeScalarView

    private struct Word {
        var text = ""
        // A value that only a shell knows.
        var isComputed = false
        // Up to the first sign of assignment without a quote before it.
        var assigned: String?
        var hasQuotes = false
    }

    // A word without a slash that is one of these is never looked for in the PATH.
    private static let builtins: Set = [
        ".", ":", "[", "alias", "autoload", "bg", "bind", "break", "builtin", "caller", "case", "cd", "chdir",
        "command",
        "compgen", "complete", "compopt", "continue", "coproc", "declare", "dirs", "disown", "do", "done", "echo",
        "elif",
        "else", "emulate", "enable", "esac", "eval", "exit", "export", "false", "fc", "fg", "fi", "for", "foreach",
        "function", "getopts", "hash", "help", "history", "if", "in", "jobs", "kill", "let", "local", "logout",
        "mapfile",
        "newgrp", "nocorrect", "noglob", "popd", "print", "printf", "pushd", "pwd", "read", "readarray", "readonly",
        "repeat", "return", "select", "set", "shift", "shopt", "source", "suspend", "test", "then", "time", "times",
        "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "until", "wait", "whence", "while",
        "zmodload",
    ]
    // What these are set to decides which program, or which code, is run.
    private static let leading: Set = ["PATH", "ENV", "BASH_ENV", "IFS"]

    init(_ text: String) {
        let scalars = text.unicodeScalars
        let start = scalars.firstIndex { !Self.isBlank($0) } ?? scalars.endIndex
        let end = scalars.lastIndex { !Self.isBlank($0) }.map { scalars.index(after: $0) } ?? start
        rest = scalars[start..<end]
    }

    /// The first command's name; reads the text to its end.
    mutating func command() -> String? {
        var name: String?
        var isNamed = false, isExec = false
        while let word = nextWord() {
            if isNamed { continue }
            if let variable = word.assigned {
                if Self.leading.contains(variable) || variable.hasPrefix("LD_")
                    || ContainerEnvironment.isCode(variable)
                {
                    isSimple = false
                }
            } else if word.text == "exec", !isExec {
                isExec = true
            } else {
                isNamed = true
                // What follows exec with a sign before it is an option.
                let isOwn = isExec ? word.text.hasPrefix("-") : Self.builtins.contains(word.text)
                name = word.isComputed || isOwn || word.text.isEmpty ? nil : word.text
            }
        }
        if name == nil { isSimple = false }
        return name
    }

    // Redirections stand anywhere among the words, and end the one before.
    private mutating func nextWord() -> Word? {
        while true {
            while let next = rest.first, next == " " || next == "\t" { rest.removeFirst() }
            guard let next = rest.first else { return nil }
            guard Self.isRedirection(next) else {
                let word = readWord()
                // `2>` is about the descriptor 2.
                guard let next = rest.first, Self.isRedirection(next), Self.isNumber(word) else { return word }
                continue
            }
            redirect()
        }
    }

    private static func isRedirection(_ scalar: Unicode.Scalar) -> Bool { scalar == "<" || scalar == ">" }

    private static func isNumber(_ word: Word) -> Bool {
        !word.hasQuotes && !word.isComputed && !word.text.isEmpty
            && word.text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private mutating func readWord() -> Word {
        var word = Word()
        while let scalar = rest.first, !Self.isRedirection(scalar) {
            rest.removeFirst()
            switch scalar {
            case " ", "\t": return word
            case "'": quote(&word, to: "'")
            case "\"": quote(&word, to: "\"")
            case "\\":
                word.hasQuotes = true
                // A line that goes on has no character for it.
                if let next = rest.popFirst(), next != "\n" { word.text.unicodeScalars.append(next) }
            case "$": expand(&word)
            case "=" where word.assigned == nil && !word.hasQuotes && !word.isComputed && Self.isName(word.text):
                word.assigned = word.text
                word.text += "="
            // Bash adds to a variable; to others it is a command.
            case "=" where word.text.utf8.last == UInt8(ascii: "+") && Self.isName(String(word.text.dropLast())):
                isSimple = false
                word.isComputed = true
            case "*", "?", "[", "~", "{", "}", "!", "#":
                word.isComputed = true
            case ";", "&", "|", "(", ")", "\n":
                isSimple = false
                return word
            case "`", "\r":
                isSimple = false
                word.isComputed = true
            default: word.text.unicodeScalars.append(scalar)
            }
        }
        return word
    }

    private mutating func quote(_ word: inout Word, to end: Unicode.Scalar) {
        word.hasQuotes = true
        while let scalar = rest.popFirst(), scalar != end {
            guard end == "\"" else {
                word.text.unicodeScalars.append(scalar)
                continue
            }
            switch scalar {
            case "$": expand(&word)
            case "`":
                word.isComputed = true
                isSimple = false
            case "\\":
                // Between double quotes it stays before what needs none (POSIX.1-2017, 2.2.3).
                guard let next = rest.popFirst(), next != "\n" else { continue }
                if !"$`\"\\".unicodeScalars.contains(next) { word.text += "\\" }
                word.text.unicodeScalars.append(next)
            default: word.text.unicodeScalars.append(scalar)
            }
        }
    }

    // A variable's value starts nothing by itself. What may hold a command, or a quote that the shells pair otherwise, isn't
    // read further.
    private mutating func expand(_ word: inout Word) {
        word.isComputed = true
        switch rest.first {
        // Bash translates `$"…"`, and reads what comes of it.
        case "(", "[", "'", "\"": isSimple = false
        case "{":
            while let scalar = rest.popFirst(), scalar != "}" {
                isSimple = isSimple && (scalar == "{" || Self.isPlain(scalar))
            }
        default: break
        }
    }

    // What stands in `${…}` where it can't be anything else than a name, an operator and a plain text.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        guard let byte = UInt8(exactly: scalar.value) else { return false }
        return isLetterOrDigit(byte) || "_.,:/-+%# ".utf8.contains(byte)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n"
    }

    // A sign, and the word that it is about (POSIX.1-2017, 2.7). `2>&1` duplicates a descriptor; the sign there sends
    // nothing to the background. The text of a here-document isn't read.
    private mutating func redirect() {
        let first = rest.removeFirst()
        if let next = rest.first, next == ">" || (next == "|" && first == ">") { rest.removeFirst() }
        if rest.first == "<" { isSimple = false }
        if rest.first == "&", let target = rest.dropFirst().first, ("0"..."9").contains(target) || target == "-" {
            rest.removeFirst()
        }
        while let next = rest.first, next == " " || next == "\t" { rest.removeFirst() }
        guard let next = rest.first, !Self.isRedirection(next) else {
            isSimple = false
            return
        }
        _ = readWord()
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return text.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isLetterOrDigit($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
