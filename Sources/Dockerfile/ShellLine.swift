/// A line for `/bin/sh` that is nothing but simple commands, one after the other: what can be carried out without a shell
/// (docs/run.md, "The line").
///
/// Everything else that a shell would do with a line is refused: pipes, substitutions, conditions, backslashes. All commands
/// are taken to succeed, so that what follows `||` isn't among them. Variables are those of the Dockerfile.
package struct ShellLine: Equatable, Sendable {
    /// A command, its arguments, and the files that its input comes from and its output goes to.
    package struct Command: Equatable, Sendable {
        /// The command and its arguments.
        package internal(set) var words: [String] = []
        /// Of the words that stand for paths, the patterns: `*`, `?`, and backslashes before what is meant as it is.
        package internal(set) var patterns: [Int: String] = [:]
        /// The text of a here-document that is its input.
        package internal(set) var input: String?
        /// Where its output goes; nil when it is only shown.
        package internal(set) var output: Output?

        /// A command from its words.
        package init(words: [String] = [], output: Output? = nil) {
            self.words = words
            self.output = output
        }
    }

    /// The file of a redirection.
    package struct Output: Equatable, Sendable {
        /// The file's path.
        package let path: String
        /// Whether it is `>>`.
        package let isAppended: Bool
    }

    /// Why a line isn't one of simple commands.
    package enum Refusal: Error, Equatable, Sendable {
        /// Something that only a shell can do, in words.
        case needsShell(String)
        /// A variable that the Dockerfile doesn't set.
        case unset(String)
    }

    /// The commands in their order.
    package private(set) var commands: [Command] = []

    /// Reads a line.
    package init(parsing text: String, variables: [String: String]) throws(Refusal) {
        var scan = ShellLineScan(rest: Array(text.unicodeScalars)[...], variables: variables)
        commands = try scan.commands()
    }
}
