/// What a shell is asked to run by `-c`, as far as that can be told without being a shell (POSIX.1-2017, "sh").
struct ShellCommand {
    /// The name of the one program that the text starts; nil where it is computed, or the shell's own.
    let firstWord: String?
    /// Whether the text does nothing else than start that program.
    let isSimple: Bool

    private static let shells: Set = ["sh", "bash", "rbash", "dash", "ash", "ksh", "mksh", "zsh", "yash", "hush"]
    // Programs with many names, of which the shells' are some.
    private static let multicall = ["busybox", "toybox"]
    private static let optionsWithArgument: Set = ["--rcfile", "--init-file", "--emulate"]

    /// Nil where no shell is started, or it isn't given a text.
    ///
    /// `word` is how the command names the shell, `program` the name of the file that it stands for.
    init?(_ word: String, program: String, arguments: some Collection<String>) {
        guard var rest = Self.shellArguments(word, program, ArraySlice(arguments)) else { return nil }
        var isText = false
        // A login shell, and one that talks to somebody, run files before the text; zsh always runs its zshenv.
        var isPlain = !Self.lastName(word).hasPrefix("-") && Self.lastName(word) != "zsh" && program != "zsh"
        while let option = rest.first?.unicodeScalars, option.count > 1, let sign = option.first,
            sign == "-" || sign == "+"
        {
            let text = rest.removeFirst()
            if text == "--" { break }
            if text.hasPrefix("--") {
                rest = rest.dropFirst(Self.optionsWithArgument.contains(text) ? 1 : 0)
                isPlain = isPlain && Self.plainOptions.contains(text)
                continue
            }
            if sign == "-", option.contains("c") { isText = true }
            isPlain = isPlain && option.dropFirst().allSatisfy { Self.plainLetters.contains($0) }
            let named = rest.prefix(option.count { $0 == "o" || $0 == "O" })
            isPlain = isPlain && named.allSatisfy(Self.plainNames.contains)
            rest = rest.dropFirst(named.count)
        }
        if rest.first == "-" { rest = rest.dropFirst() }
        guard isText, let text = rest.first else { return nil }
        var reader = ShellText(text)
        let name = reader.command()
        let isOwn = name.map { Self.isOwn($0, of: Self.lastName(word), program) } ?? false
        firstWord = isOwn ? nil : name
        isSimple = reader.isSimple && isPlain && !isOwn
    }

    // Whether a shell has a command of the name itself, for which it need not look into the PATH.
    private static func isOwn(_ name: String, of word: String, _ program: String) -> Bool {
        guard !name.utf8.contains(UInt8(ascii: "/")) else { return false }
        let names = [word, program]
        if names.contains("zsh"), ShellCommands.ofZsh.contains(name) { return true }
        if names.contains(where: { $0.hasSuffix("ksh") }), ShellCommands.ofKorn.contains(name) { return true }
        // Nobody knows what a file of the name `sh` is: busybox has its names as links of either kind.
        let isMulticall = ["sh", "ash", "hush"].contains(program) || multicall.contains { program.hasPrefix($0) }
        return isMulticall && ShellCommands.ofMulticall.contains(name)
    }

    private static let plainOptions: Set = ["--noprofile", "--norc", "--posix", "--rcfile", "--init-file"]
    // Those that only make a shell stricter; x prints what PS4 computes.
    private static let plainLetters = "cefuon".unicodeScalars
    private static let plainNames: Set = ["errexit", "nounset", "pipefail", "noglob", "posix"]

    // A program with many names goes by the one it is started by.
    private static func shellArguments(
        _ word: String,
        _ program: String,
        _ arguments: ArraySlice<String>
    ) -> ArraySlice<String>? {
        let name = lastName(word)
        if shells.contains(name) { return arguments }
        if multicall.contains(where: { name.hasPrefix($0) }) {
            guard let applet = arguments.first, shells.contains(lastName(applet)) else { return nil }
            return arguments.dropFirst()
        }
        return shells.contains(program) ? arguments : nil
    }

    private static func lastName(_ word: String) -> String {
        String(word[(word.lastIndex(of: "/").map { word.index(after: $0) } ?? word.startIndex)...])
    }
}
