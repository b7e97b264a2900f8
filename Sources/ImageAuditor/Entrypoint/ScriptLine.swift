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

    /// What `env` is asked to start; nil where the interpreter is another, and where it isn't plain.
    ///
    /// The kernel hands over all behind the interpreter as one word, which env(1) splits for `-S` alone, by rules of quotes
    /// and variables, and goes by the variables that it sets itself.
    var environmentProgram: String? {
        guard FilePath(interpreter).lastName.elementsEqual("env".utf8) else { return nil }
        let words = argument.split { $0 == " " || $0 == "\t" }
        guard words.first == "-S" else {
            guard words.count == 1, let word = words.first, !word.hasPrefix("-"), !word.contains("=") else {
                return nil
            }
            return String(word)
        }
        guard !argument.contains(where: { "\"'\\$#".contains($0) }) else { return nil }
        let rest = words.dropFirst().drop { word in
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex, !word.hasPrefix("-") else {
                return false
            }
            return word[..<equals] != "PATH" && !word.hasPrefix("LD_")
        }
        guard let word = rest.first, !word.hasPrefix("-"), !word.contains("=") else { return nil }
        return String(word)
    }
}
