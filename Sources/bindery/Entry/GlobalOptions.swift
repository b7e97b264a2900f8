/// The options that may stand before the command, `bindery --store DIR ls`, as well as behind it.
enum GlobalOptions {
    static let flags = ["--json", "--wide", "--quiet", "--verbose"]
    /// Those with a value.
    static let valued = ["--store", "--remote", "--project"]

    /// Both, in the order of the help.
    static var all: [String] { valued + flags }

    /// Whether a word is one of them.
    static func isOne(_ word: String) -> Bool {
        flags.contains(word) || valued.contains { word == $0 || word.hasPrefix($0 + "=") }
    }

    /// The words with those options moved behind the command.
    static func moved(behindTheCommandOf words: [String]) -> [String] {
        var leading: [String] = []
        var rest = words[...]
        while let first = rest.first {
            if flags.contains(first) || valued.contains(where: { first.hasPrefix($0 + "=") }) {
                leading.append(first)
                rest.removeFirst()
            } else if valued.contains(first), rest.count > 1 {
                leading += rest.prefix(2)
                rest.removeFirst(2)
            } else {
                break
            }
        }
        guard !leading.isEmpty, let command = rest.first, !command.hasPrefix("-") else { return words }
        return [command] + leading + rest.dropFirst()
    }
}
