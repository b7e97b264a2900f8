import ArgumentParser
import Glibc
import Printable
import SystemIO

/// The command line: parse, call one function, print.
@main
struct Bindery: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bindery",
        abstract: "Keeps released binaries, binds them into container images, and says what is in any image.",
        usage: "bindery <command> …",
        discussion: """
            A release pipeline, from the built binaries to an audited image:

              bindery put dist/* --name-pattern '{name}-{os}-{arch}' --version 1.2.3
              bindery context agent@1.2.3 -f Dockerfile.release -o docker-context
              docker buildx build docker-context -t registry.example/agent:v1.2.3
              bindery audit docker-daemon:registry.example/agent:v1.2.3

            The store is --store DIR, else $BINDERY_STORE, else $XDG_DATA_HOME/bindery, else ~/.local/share/bindery.

            Exit status: 0 done; 1 the answer is no; 2 usage; 3 not found; 4 integrity; 5 conflict; 6 the environment.
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Store",
                subcommands: [
                    InitCommand.self, PutCommand.self, GetCommand.self, ListCommand.self, ShowCommand.self,
                    InspectCommand.self,
                    RemoveCommand.self,
                ]
            ),
            CommandGroup(
                name: "Bind",
                subcommands: [
                    ContextCommand.self, BuildCommand.self, PackCommand.self, ImagesCommand.self, TagCommand.self,
                    IndexCommand.self,
                    CopyCommand.self, ExportCommand.self, ImportCommand.self,
                ]
            ),
            CommandGroup(
                name: "Audit",
                subcommands: [
                    AuditCommand.self, AuditsCommand.self, ReauditCommand.self, WhereCommand.self, DiffCommand.self,
                    IdentifyCommand.self,
                    ExplainCommand.self,
                    VerifierCommand.self,
                ]
            ),
            CommandGroup(
                name: "Keep",
                subcommands: [
                    StatusCommand.self, VerifyCommand.self, GarbageCollectCommand.self, PinCommand.self,
                    UnpinCommand.self, LogCommand.self, BackupCommand.self, RestoreCommand.self,
                    ReindexCommand.self, DoctorCommand.self,
                ]
            ),
            CommandGroup(
                name: "Serve",
                subcommands: [
                    ServeCommand.self, TokenCommand.self, PushCommand.self, PullCommand.self, PublishCommand.self,
                    WatchCommand.self,
                ]
            ),
            CommandGroup(
                name: "Prove",
                subcommands: [
                    SealCommand.self, RevokeCommand.self, ChecksumsCommand.self, VerifyBundleCommand.self,
                    AttestCommand.self, AttestationsCommand.self, SBOMCommand.self, KeyCommand.self,
                ]
            ),
        ]
    )

    static func main() {
        StandardStream.secure()
        // Swift's runtime reads the arguments from /proc. A command that got none would print its help and be done.
        guard CommandLine.argc > 0 else {
            Output.error("cannot read the process's own arguments: /proc must be there, and a file be allowed to open")
            Glibc.exit(ExitStatus.environment.rawValue)
        }
        OpenFileLimit.raise()
        Glibc.exit(Invocation(Array(CommandLine.arguments.dropFirst())).run())
    }

    private static let commands = configuration.groupedSubcommands.flatMap(\.subcommands)

    /// The names of all commands.
    static var commandNames: [String] { commands.compactMap { $0.configuration.commandName } }

    /// The command of that name.
    static func command(named name: String) -> (any ParsableCommand.Type)? {
        commands.first { $0.configuration.commandName == name }
    }
}
