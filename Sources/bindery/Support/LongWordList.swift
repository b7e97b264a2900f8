import ArgumentParser

/// Long lists of files among a command's words, kept from the parser.
///
/// The parser's work for a positional argument grows with their number: a thousand files cost it 40 ms, more than all
/// their bytes. It is shown one word for a whole list, which the command turns into the list again.
struct LongWordList {
    /// The words for the parser, with one for each list taken out.
    let words: [String]
    private let lists: [String: [String]]

    /// A list of fewer words isn't worth the trouble.
    private static let threshold = 16

    /// Takes long lists out of a command's words.
    ///
    /// A list is a run of words without a leading dash, but for the run's first word, which may be the value of the
    /// option before it.
    init(_ arguments: [String]) {
        var words: [String] = []
        var lists: [String: [String]] = [:]
        var rest = arguments[...]
        while let first = rest.popFirst() {
            words.append(first)
            guard !first.hasPrefix("-") else { continue }
            let run = rest.prefix { !$0.hasPrefix("-") }
            rest = rest.dropFirst(run.count)
            if run.count > Self.threshold {
                // No word of a command line holds a NUL.
                let placeholder = "\0\(lists.count)"
                lists[placeholder] = Array(run)
                words.append(placeholder)
            } else {
                words += run
            }
        }
        self.words = words
        self.lists = lists
    }

    /// Puts the lists back where their places are.
    func restore(_ words: [String]) -> [String] {
        lists.isEmpty ? words : words.flatMap { lists[$0] ?? [$0] }
    }
}

/// A command that may be given thousands of files.
protocol FileListCommand: ParsableCommand {
    var files: [String] { get set }
}

extension FileListCommand {
    /// The command that these words are, if they are one of this type.
    static func parse(root arguments: [String], as root: (some ParsableCommand).Type) throws -> (any ParsableCommand)? {
        guard arguments.first == configuration.commandName else { return nil }
        let list = LongWordList(arguments)
        var command = try root.parseAsRoot(list.words)
        if var reader = command as? Self {
            reader.files = list.restore(reader.files)
            command = reader
        }
        return command
    }
}
