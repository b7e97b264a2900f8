import ArgumentParser
import Foundation

/// What the parser knows of a command's arguments, in the form that it dumps for other tools.
struct CommandCatalog: Decodable {
    struct Parameter: Decodable {
        enum Kind: String, Decodable {
            case positional, option, flag
        }

        struct Name: Decodable {
            enum Kind: String, Decodable {
                case long, short, longWithSingleDash
            }

            let kind: Kind
            let name: String

            /// As it is typed, `--name` or `-n`.
            var text: String { (kind == .long ? "--" : "-") + name }
        }

        let kind: Kind
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let preferredName: Name?
        let valueName: String?
        let abstract: String?
    }

    private struct Command: Decodable {
        let arguments: [Parameter]?
    }

    private let command: Command

    /// The arguments in the order of the help.
    var arguments: [Parameter] { command.arguments ?? [] }

    /// The catalog of one command; nil only where the parser dumps another form than this version is known to.
    static func of(_ command: any ParsableCommand.Type) -> CommandCatalog? {
        try? JSONDecoder().decode(CommandCatalog.self, from: Data(command._dumpHelp().utf8))
    }

    /// The option or flag of that spelling.
    func option(_ spelling: some StringProtocol) -> Parameter? {
        arguments.first { $0.names?.contains { $0.text == spelling } ?? false }
    }

    /// How all options that the help shows are spelled.
    var spellings: [String] { arguments.filter(\.shouldDisplay).flatMap { $0.names ?? [] }.map(\.text) }

    /// One line that names the command and what it must be given.
    func usage(_ name: String) -> String {
        let required = arguments.filter { $0.shouldDisplay && !$0.isOptional && $0.kind == .option }.map { option in
            "\(option.preferredName?.text ?? "") <\(option.valueName ?? "value")>"
        }
        let positional = arguments.filter { $0.kind == .positional }.map { argument in
            let word = "<\(argument.valueName ?? "value")>" + (argument.isRepeating ? " …" : "")
            return argument.isOptional ? "[\(word)]" : word
        }
        return (["bindery", name, "[options]"] + required + positional).joined(separator: " ")
    }
}
