import ArgumentParser
import ArtifactStore
import Printable
import SystemIO
import TransparencyLog

struct InitCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes an empty store; `put` does that, too, when there is none.",
        discussion: """
            With --shared group, every member of the directory's group may write to it, whatever their umask.

            The index keeps itself whole with a write-ahead log, or, on a network file system and wherever processes can't
            share memory by a file, with a rollback journal. --journal chooses one, also for a store that is there, while
            nobody else uses it.

            Examples:
              bindery init --store /srv/bindery --shared group
              bindery init --store /mnt/nfs/bindery --journal rollback
              bindery init --store /srv/bindery --require-seal
            """
    )

    @Option(help: "Who may write: umask (its owner, and whom the umask lets) or group.", transform: Self.sharing)
    var shared = StoreOptions.Sharing.umask

    @Option(
        help: "How the index keeps itself whole: wal or rollback; by default what the file system can do.",
        transform: Self.journal
    )
    var journal: JournalMode?

    @Option(
        help: ArgumentHelp("The log's name, which no other log has, such as example.org/bindery.", valueName: "name")
    )
    var origin: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Let build, context and export take sealed releases only; also for a store that is there."
    )
    var requireSeal: Bool?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if let origin, !NoteVerifier.isName(origin) {
            throw ValidationError("'\(origin)' can't name a log: text without spaces and + is expected")
        }
    }

    func run() throws {
        let path = options.path
        if let journal {
            do throws(StoreError) {
                try Store.setJournal(journal, at: path)
            } catch {
                // A store that isn't there is made with it.
                guard case .noStore = error else { throw error }
            }
        }
        let store = try options.open(create: true, sharing: shared, journal: journal)
        if shared == .group, try FileStatus.of(store.paths.root).mode & 0o020 == 0 {
            throw UsageError(
                description: "the store \(path) is there, and only its owner may write to it: --shared makes a new "
                    + "one; copy what it has with `bindery export` and `bindery import`"
            )
        }
        if let origin { try store.setLogOrigin(origin) }
        let isChanged = try requireSeal.map { try store.setRequiresSeal($0) } ?? false
        if options.json { return try Output.json(["store": store.paths.root]) }
        Output.line("the store is at \(path)")
        if isChanged {
            Output.note(
                requireSeal == true
                    ? "bindery: it lets build, context and export take sealed releases only"
                    : "bindery: it lets build, context and export take open releases, too"
            )
        }
    }

    @Sendable private static func journal(_ text: String) throws -> JournalMode {
        guard let mode = JournalMode(rawValue: text) else {
            throw ValidationError("'\(text)' is not a journal: wal or rollback is expected")
        }
        return mode
    }

    @Sendable private static func sharing(_ text: String) throws -> StoreOptions.Sharing {
        guard let sharing = StoreOptions.Sharing(rawValue: text) else {
            throw ValidationError("'\(text)' says not who may write: umask or group is expected")
        }
        return sharing
    }
}
