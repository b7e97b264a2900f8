/// A command's words, told apart into its options, their values, and the rest.
struct OptionWalk {
    struct Use {
        /// As it was typed, `--name` of `--name=x`.
        let spelling: String
        let argument: CommandCatalog.Parameter
    }

    /// Options of the command, in the order of the call.
    private(set) var uses: [Use] = []
    /// What looks like an option, and is none of this command.
    private(set) var unknown: [String] = []
    /// The words without the unknown options.
    private(set) var known: [String] = []

    init(_ words: some Sequence<String>, in catalog: CommandCatalog) {
        var isValue = false
        var isOver = false
        for word in words {
            if isValue || isOver || !word.hasPrefix("-") || word == "-" {
                isValue = false
                known.append(word)
                continue
            }
            guard word != "--" else {
                isOver = true
                known.append(word)
                continue
            }
            let spelling = String(word.prefix { $0 != "=" })
            if let argument = catalog.option(spelling) {
                uses.append(Use(spelling: spelling, argument: argument))
                isValue = argument.kind == .option && spelling == word
                known.append(word)
            } else if Self.isJoined(word, in: catalog) {
                known.append(word)
            } else {
                unknown.append(spelling)
            }
        }
    }

    // `-fFILE` is `-f FILE`.
    private static func isJoined(_ word: String, in catalog: CommandCatalog) -> Bool {
        word.dropFirst().first != "-" && catalog.option(word.prefix(2)) != nil
    }
}

/// An option that is given twice where one value counts: the first would have no effect.
enum RepeatedOptions {
    /// Throws a ``UsageError`` that names the command and the options.
    static func check(_ words: [String]) throws(UsageError) {
        let spellings = words.dropFirst().filter { $0.hasPrefix("--") }.map { $0.prefix { $0 != "=" } }
        // The catalog takes milliseconds to make.
        guard Set(spellings).count < spellings.count, let name = words.first,
            let command = Bindery.command(named: name), let catalog = CommandCatalog.of(command)
        else { return }
        var seen: Set<String> = []
        for use in OptionWalk(words.dropFirst(), in: catalog).uses where !use.argument.isRepeating {
            guard use.argument.kind == .option else { continue }
            guard seen.insert(use.argument.preferredName?.text ?? use.spelling).inserted else {
                throw UsageError(description: "\(name): \(use.spelling) is given twice, and takes one value")
            }
        }
    }
}
