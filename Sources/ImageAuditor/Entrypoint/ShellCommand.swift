/// What a shell is asked to start by `-c`, as far as that can be told without being a shell.
enum ShellCommand {
    private static let shells: Set = ["sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"]

    /// The first command's name; nil when the program is not a shell, or the name is computed.
    static func firstWord(shell: String, arguments: [String]) -> String? {
        guard shells.contains(shell),
            let option = arguments.firstIndex(where: { $0.hasPrefix("-") && $0.hasSuffix("c") }),
            option + 1 < arguments.count
        else { return nil }
        for word in arguments[option + 1].split(whereSeparator: { " \t\n;&|".contains($0) }) {
            if word == "exec" || isAssignment(word) { continue }
            return word.contains { "\"'`$(){}<>*?[\\#!~".contains($0) } ? nil : String(word)
        }
        return nil
    }

    private static func isAssignment(_ word: Substring) -> Bool {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex else { return false }
        return word[..<equals].allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }
}
