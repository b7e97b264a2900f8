/// A simple command: assignments, words and redirections, none of them expanded.
package struct ShellCommand: Equatable, Sendable {
    /// A variable that is set.
    package struct Assignment: Equatable, Sendable {
        /// The variable.
        package let name: String
        /// Its value.
        package let value: ShellWord
    }

    /// What a command reads.
    package enum Input: Equatable, Sendable {
        /// A here-document, by its number.
        case heredoc(Int)
        /// A file.
        case file(ShellWord)
    }

    /// What is set before it.
    package internal(set) var assignments: [Assignment] = []
    /// The command and its arguments.
    package internal(set) var words: [ShellWord] = []
    /// Where its input comes from.
    package internal(set) var input: Input?
    /// Where its output goes; nil when it is only shown.
    package internal(set) var output: ShellOutput?

    /// A command from its words.
    package init(words: [ShellWord] = []) {
        self.words = words
    }
}

/// Where output goes.
package enum ShellOutput: Equatable, Sendable {
    /// A file, which is written anew or, with `>>`, added to.
    case file(ShellWord, isAppended: Bool)
    /// Standard error, which is only shown.
    case errors
}
