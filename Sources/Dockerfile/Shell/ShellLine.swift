/// A line for `/bin/sh`, as far as it can be followed without one (docs/run.md, "The line").
///
/// Commands, conditions and loops are read, words stay unexpanded: a loop gives its variable a value for each pass. What
/// only a shell can do, such as substituting a command's output, is refused.
package struct ShellLine: Equatable, Sendable {
    /// Why a line can't be followed.
    package enum Refusal: Error, Equatable, Sendable {
        /// Something that only a shell can do, in words.
        case needsShell(String)
        /// A variable that nothing sets.
        case unset(String)
    }

    /// What the line does.
    package let root: ShellNode
    /// The texts of its here-documents, which commands name by their number.
    package let heredocs: [ShellWord]

    /// Reads a line.
    package init(parsing text: String) throws(Refusal) {
        if let character = text.combinedCharacter { throw .needsShell("'\(character)', two characters to a shell,") }
        var parser = ShellParser(text)
        root = try parser.line()
        heredocs = parser.heredocs
    }

    /// The commands that are carried out whatever the outcome of others, in their order.
    package var certainCommands: [ShellCommand] {
        var found: [ShellCommand] = []
        root.collectCertain(into: &found)
        return found
    }
}

/// A part of a line that can be carried out by itself.
package indirect enum ShellNode: Equatable, Sendable {
    /// What follows `&&` or `||`.
    package struct Link: Equatable, Sendable {
        /// Whether it is `&&`.
        package let isAnd: Bool
        /// What is carried out then.
        package let node: ShellNode
    }

    /// A condition and what is carried out where it holds.
    package struct Branch: Equatable, Sendable {
        /// The condition.
        package let condition: ShellNode
        /// What follows `then`.
        package let body: ShellNode
    }

    /// One alternative of `case`.
    package struct Choice: Equatable, Sendable {
        /// The patterns, one of which has to match.
        package let patterns: [ShellWord]
        /// What is carried out then; nil for nothing.
        package let body: ShellNode?
    }

    case command(ShellCommand)
    case list([ShellNode])
    case chain(ShellNode, [Link])
    case pipeline([ShellNode])
    case negation(ShellNode)
    case conditional([Branch], otherwise: ShellNode?)
    case loop(variable: String, over: [ShellWord], body: ShellNode)
    case choice(ShellWord, [Choice])
    case group(ShellNode, isSubshell: Bool)
    /// A compound command whose output goes to a file.
    case redirected(ShellNode, to: ShellOutput)

    fileprivate func collectCertain(into found: inout [ShellCommand]) {
        switch self {
        case .command(let command): found.append(command)
        case .list(let nodes), .pipeline(let nodes): for node in nodes { node.collectCertain(into: &found) }
        case .negation(let node), .group(let node, _), .redirected(let node, _): node.collectCertain(into: &found)
        case .chain(let first, let links):
            first.collectCertain(into: &found)
            // What comes before succeeds, unless it asks something.
            if first.asks { return }
            for link in links where link.isAnd {
                link.node.collectCertain(into: &found)
                if link.node.asks { return }
            }
        case .conditional(let branches, _): branches.first?.condition.collectCertain(into: &found)
        case .loop(_, let words, let body): if !words.isEmpty { body.collectCertain(into: &found) }
        case .choice: break
        }
    }

    /// Whether its outcome may be one of two without being an error.
    private var asks: Bool {
        guard case .command(let command) = self, let name = command.words.first?.literal else { return true }
        return ["[", "test", "false", "getent", "id", "exit"].contains(name)
    }
}
