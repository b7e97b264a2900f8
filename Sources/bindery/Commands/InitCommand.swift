import ArgumentParser
import ArtifactStore
import Printable

struct InitCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes an empty store, or changes the settings of one; `put` makes one, too, when there is none.",
        discussion: """
            With --shared group, every member of the directory's group may write to it, whatever their umask.

            On a store that is there, the options change its settings, each with an event in the log. Only the owner of a
            store's files can share it, --journal needs a store that nobody else uses, and --origin a log without events.

            The index keeps itself whole with a write-ahead log, or, on a network file system and wherever processes can't
            share memory by a file, with a rollback journal. --journal chooses one.

            Examples:
              bindery init --store /srv/bindery --shared group
              bindery init --store /mnt/nfs/bindery --journal rollback
              bindery init --store /srv/bindery --require-seal
            """
    )

    @Option(
        help: "Who may write: umask (its owner, and whom the umask lets) or group.",
        completion: .list(["umask", "group"]),
        transform: Self.sharing
    )
    var shared: StoreOptions.Sharing?

    @Option(
        help: "How the index keeps itself whole: wal or rollback; by default what the file system can do.",
        completion: .list(["wal", "rollback"]),
        transform: Self.journal
    )
    var journal: JournalMode?

    @Option(
        help: ArgumentHelp("The log's name, which no other log has, such as example.org/bindery.", valueName: "name")
    )
    var origin: String?

    @Flag(
        inversion: .prefixedNo,
        exclusivity: .exclusive,
        help: "Let build, context and export take sealed releases only."
    )
    var requireSeal: Bool?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        try origin.map(Arguments.checkLogName)
    }

    func run() throws {
        let path = options.path
        let isThere = try Store.isThere(at: path)
        var changes: [SettingChange?] = []
        // First: on a file system that has changed, the store may not open before.
        if isThere, let journal {
            var storeOptions = options.storeOptions()
            storeOptions.busyTimeout = 5
            changes.append(try Store.setJournal(journal, at: path, options: storeOptions))
        }
        let store = try options.open(create: true, sharing: shared ?? .umask, journal: journal)
        if let origin { changes.append(try store.setLogOrigin(origin)) }
        if let requireSeal { changes.append(try store.setRequiresSeal(requireSeal)) }
        if isThere, let shared { changes.append(try store.setSharing(shared)) }
        if try store.noteFileSystem() {
            Output.warning(
                "\(path) is in a FUSE file system: what is reported as stored is as safe as the program that serves it "
                    + "makes a sync"
            )
        }
        let made = changes.compactMap(\.self)
        if options.json { return try Output.json(Shape(store: store.paths.root, changed: made.map(Shape.Change.init))) }
        guard isThere else { return Output.line("the store is at \(path)") }
        Output.line("the store at \(path) was there before" + (made.isEmpty ? ": nothing has changed" : ""))
        for change in made { Output.line("\(change.name): \(change.before) → \(change.after)") }
    }

    /// `bindery init --json` (docs/cli.md).
    private struct Shape: Encodable {
        struct Change: Encodable {
            let setting: String
            let from: String
            let to: String

            init(_ change: SettingChange) { (setting, from, to) = (change.name, change.before, change.after) }
        }

        let store: String
        let changed: [Change]
    }

    @Sendable private static func journal(_ text: String) throws -> JournalMode {
        guard let mode = JournalMode(rawValue: text) else {
            throw ValidationError("'\(text)' is not a journal: wal or rollback is expected")
        }
        return mode
    }

    @Sendable private static func sharing(_ text: String) throws -> StoreOptions.Sharing {
        guard let sharing = StoreOptions.Sharing(rawValue: text) else {
            throw ValidationError("'\(text)' doesn't say who may write: umask or group is expected")
        }
        return sharing
    }
}
