import ImageFileSystem

/// The first line of a script: `#!INTERPRETER [ARGUMENT]` (execve(2), "Interpreter scripts").
struct ScriptLine {
    let interpreter: String
    let argument: String

    /// Nil for bytes that aren't a script's.
    init?(_ head: [UInt8]) {
        guard head.starts(with: "#!".utf8) else { return nil }
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        let words = line.split(maxSplits: 1) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let first = words.first else { return nil }
        interpreter = String(decoding: first, as: UTF8.self)
        argument = words.count > 1 ? String(decoding: words[1], as: UTF8.self) : ""
    }

    /// What `env` is asked to start, its first word that is neither an option nor an assignment; nil where the
    /// interpreter is another.
    var environmentProgram: String? {
        guard FilePath(interpreter).lastName.elementsEqual("env".utf8) else { return nil }
        let words = argument.split { $0 == " " || $0 == "\t" }
        return words.first { !$0.hasPrefix("-") && !$0.contains("=") }.map { String($0) }
    }
}
