import ArgumentParser
import ArtifactStore
import Printable

struct InitCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes an empty store; `put` does that, too, when there is none.",
        discussion: """
            With --shared group, every member of the folder's group may write to it, whatever their umask.

            Examples:
              bindery init --store /srv/bindery --shared group
            """
    )

    @Option(help: "Who may write: umask (its owner, and whom the umask lets) or group.", transform: Self.sharing)
    var shared = StoreOptions.Sharing.umask

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let path = options.path
        let store = try options.open(create: true, sharing: shared)
        if options.json { return try Output.json(["store": store.paths.root]) }
        Output.line("the store is at \(path)")
    }

    @Sendable private static func sharing(_ text: String) throws -> StoreOptions.Sharing {
        guard let sharing = StoreOptions.Sharing(rawValue: text) else {
            throw ValidationError("'\(text)' says not who may write: umask or group is expected")
        }
        return sharing
    }
}
