/// A command's words, told apart into its options, their values, and the rest.
struct OptionWalk {
    struct Use {
        /// As it was typed, `--name` of `--name=x`.
        let spelling: String
        let argument: CommandCatalog.Parameter
        /// What it is given; nil for a flag, and where nothing follows.
        var value: String?
    }

    /// Options of the command, in the order of the call.
    private(set) var uses: [Use] = []
    /// The words that are neither options nor their values.
    private(set) var arguments: [String] = []
    /// What looks like an option, and isn't one of this command.
    private(set) var unknown: [String] = []
    /// The words without the unknown options.
    private(set) var known: [String] = []

    init(_ words: some Sequence<String>, in catalog: CommandCatalog) {
        var isValue = false
        var isOver = false
        for word in words {
            if isValue, let last = uses.indices.last { uses[last].value = word }
            if isValue || isOver || !word.hasPrefix("-") || word == "-" {
                if !isValue { arguments.append(word) }
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
                let value = spelling == word ? nil : String(word.dropFirst(spelling.count + 1))
                uses.append(Use(spelling: spelling, argument: argument, value: value))
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

/// Options whose use is a mistake in every command, found before a command's own parser sees them.
enum MistakenOptions {
    /// A program's own argument may be empty.
    private static let mayBeEmpty: Set = ["--signer-arg"]

    /// Throws where an option is given twice though one value counts, and where an argument or an option's value is empty, as
    /// of a variable that isn't set.
    static func check(_ words: [String]) throws(UsageProblems) {
        // The catalog takes milliseconds to make.
        guard mayRepeat(words) || words.contains(where: { $0.isEmpty || $0.hasSuffix("=") }),
            let name = words.first, let command = Bindery.command(named: name),
            let catalog = CommandCatalog.of(command)
        else { return }
        var seen: Set<String> = []
        let walk = OptionWalk(words.dropFirst(), in: catalog)
        guard !walk.arguments.contains("") else { throw UsageProblems(name, "an argument is empty") }
        for use in walk.uses where use.argument.kind == .option {
            let option = use.argument.preferredName?.text ?? use.spelling
            guard use.argument.isRepeating || seen.insert(option).inserted else {
                throw UsageProblems(name, "\(use.spelling) is given twice, and takes one value")
            }
            guard use.value?.isEmpty != true || mayBeEmpty.contains(option) else {
                throw UsageProblems(name, "\(use.spelling) is given an empty value")
            }
        }
    }

    /// Whether an option may be there twice, perhaps once by its letter.
    private static func mayRepeat(_ words: [String]) -> Bool {
        let spellings = words.dropFirst().filter { $0.hasPrefix("-") && $0 != "-" }.map { $0.prefix { $0 != "=" } }
        guard Set(spellings).count == spellings.count else { return true }
        let letters = spellings.filter { !$0.hasPrefix("--") }.map { "-" + $0.prefix(2) }
        return letters.contains { letter in spellings.contains { $0.hasPrefix(letter) } }
    }
}
