import ArgumentParser
import ArtifactStore
import OCI
import Printable
import RegistryServer

struct TokenCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Makes and ends tokens that let clients of `bindery serve` in.",
        discussion: """
            `create` prints a new token, which is kept nowhere: the store has its hash alone. A client gives it as the \
            password of any user, or as a bearer token. Each --scope is a pattern of repositories, in which * stands for \
            anything, and what may be done there: pull, push, delete. `list` shows the tokens, `remove` ends one at once.

            Examples:
              bindery token create ci --scope 'team/*:pull,push' --expires 30d
              bindery token create ci --scope '*:pull' | docker login --username ci --password-stdin localhost:5000
              bindery token list
              bindery token remove ci
            """
    )

    enum Action: String, CaseIterable, ExpressibleByArgument {
        case create, list, remove
    }

    @Argument(help: "What to do: create, list or remove.")
    var action: Action

    @Argument(help: ArgumentHelp("What the token is called.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp("With create: repositories, and what may be done there; repeatable.", valueName: "scope")
    )
    var scope: [String] = []

    @Option(
        help: ArgumentHelp("With create: after what time it ends, as in 30d.", valueName: "duration"),
        transform: Arguments.duration
    )
    var expires: DurationOption?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(
                (name == nil) == (action == .list),
                action == .list ? "list takes no name" : "give a name"
            )
            complaints.require(
                scope.isEmpty == (action != .create),
                "--scope goes with create, which needs it"
            )
            complaints.require(expires == nil || action == .create, "--expires has no effect without create")
            complaints.require(expires?.milliseconds != 0, "--expires 0 makes a token that is never valid")
            for text in scope where AccessScope(parsing: text) == nil {
                complaints.require(
                    false,
                    "'\(printable(text, limit: 80))' is not a scope: a pattern, a colon and pull, push or delete are expected"
                )
            }
        }
    }

    func run() throws {
        let name = name ?? ""
        switch action {
        case .create:
            let store = try options.open()
            let end = expires.map { Timestamp(milliseconds: store.now.milliseconds &+ $0.milliseconds) }
            guard let text = try store.createToken(name, scopes: scope, until: end) else {
                throw UsageError(
                    description: "there is a token \(printable(name)) already: remove it, or choose another name"
                )
            }
            guard options.json else { return Output.line(Message(verbatim: text)) }
            try Output.json(Created(token: text, name: name, scopes: scope, expiresAt: end?.rfc3339))
        case .list:
            let tokens = try options.openForReading().tokens()
            if options.json { return try Output.json(["tokens": tokens.map(Shape.init)]) }
            var table = Table(
                [("NAME", .left), ("SCOPES", .left), ("EXPIRES", .left), ("CREATED", .left), ("BY", .left)],
                leftOut: ["BY", "CREATED"]
            )
            for token in tokens {
                table.add(
                    token.name,
                    token.scopes.joined(separator: " "),
                    token.expiresAt?.shown ?? "never",
                    token.createdAt,
                    token.createdBy
                )
            }
            table.print()
        case .remove:
            guard try options.open(for: .freeing).removeToken(name) else {
                throw StoreError.notFound(
                    what: "the token \(printable(name))",
                    hint: "run `bindery token list` to list the tokens"
                )
            }
            if options.json { try Output.json(["removed": name]) }
        }
    }

    private struct Created: Encodable {
        let token: String
        let name: String
        let scopes: [String]
        let expiresAt: String?
    }

    private struct Shape: Encodable {
        let name: String
        let scopes: [String]
        let createdAt: String
        let createdBy: String
        let expiresAt: String?

        init(_ token: StoredToken) {
            name = token.name
            scopes = token.scopes
            createdAt = token.createdAt.rfc3339
            createdBy = token.createdBy
            expiresAt = token.expiresAt?.rfc3339
        }
    }
}
