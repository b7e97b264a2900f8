import ArgumentParser
import ArtifactStore
import Foundation
import Glibc
import Logging
import OCI
import Printable
import Synchronization

/// The options that every command with a store has.
struct StoreOptionGroup: ParsableArguments {
    @Option(help: ArgumentHelp("The store's directory.", valueName: "dir"), completion: .directory)
    var store: String?

    @Option(
        help: ArgumentHelp(
            "Work on a server instead of a store: get, put, ls, show, where, seal, context, checksums (docs/serve.md).",
            valueName: "url"
        )
    )
    var remote: String?

    @Option(
        help: ArgumentHelp(
            "Take a project file (docs/cli.md); put, build and context find one by themselves.",
            valueName: "file"
        ),
        completion: .file()
    )
    var project: String?

    @OptionGroup var output: OutputOptionGroup

    /// Whether results are printed as JSON.
    var json: Bool { output.json }

    /// Opens the store for a command that changes nothing; `rehashing` takes no blob for known that isn't hashed now.
    func openForReading(rehashing: Bool = false) throws(StoreError) -> Store {
        try openForReading(at: path, rehashing: rehashing)
    }

    /// Opens the store for audits; one that can't be written is told of where they are to be recorded.
    func openForAudits(isRecorded: Bool) throws(StoreError) -> Store {
        guard isRecorded else { return try openForReading() }
        let store = try open(for: .recording)
        if let obstacle = store.obstacle { Warnings.unrecorded(obstacle) }
        return store
    }

    /// Opens another store for reading.
    func openForReading(at path: String, rehashing: Bool = false) throws(StoreError) -> Store {
        var options = StoreOptions(access: .reading, actor: Self.actor, now: { Self.now })
        if rehashing { options.trust = 0 }
        return try Store(at: path, options: options)
    }

    /// Opens the store; `create` makes it when there is none, `rehashing` takes no blob for known that isn't hashed
    /// now.
    func open(
        for access: StoreOptions.Access = .writing,
        create: Bool = false,
        sharing: StoreOptions.Sharing = .umask,
        journal: JournalMode? = nil,
        durable: Bool = true,
        rehashing: Bool = false
    ) throws(StoreError) -> Store {
        var options = storeOptions(access)
        options.create = create
        options.sharing = sharing
        options.durable = durable
        options.journal = journal
        if rehashing { options.trust = 0 }
        return try Store(at: path, options: options)
    }

    /// Records what was done to keep the store in order, for `status`; what hinders that is a warning.
    ///
    /// A store of an earlier schema isn't migrated for it.
    func record(_ kind: Upkeep.Kind, faults: Int, bytes: Int64, in store: Store) {
        do throws(StoreError) {
            guard try store.keepsUpkeep() else { return }
            let writer = try store.isWritable ? store : open(for: .recording)
            if let obstacle = writer.obstacle { throw obstacle }
            try writer.record(kind, faults: faults, bytes: bytes)
        } catch {
            Output.warning("`status` won't show this \(kind.rawValue): \(error)")
        }
    }

    /// Lets a restored store be collected, unless its index, which says what nothing names, disagrees with its history.
    func noteVerified(_ report: VerifyReport, in store: Store) throws {
        guard try store.awaitsVerification() else { return }
        guard report.faults.allSatisfy({ ![.index, .dangling, .history].contains($0.kind) }) else { return }
        do {
            try (store.isWritable ? store : open()).noteVerified()
        } catch {
            Output.warning("the verification of this restored store isn't recorded, and `gc` waits for one: \(error)")
        }
    }

    /// How this call opens a store.
    func storeOptions(_ access: StoreOptions.Access = .writing) -> StoreOptions {
        var options = StoreOptions(access: access, actor: Self.actor, now: { Self.now })
        options.replaced = { replaced in
            let place = replaced.quarantine.map { " (\($0))" } ?? ""
            Output.warning(
                "the stored blob \(replaced.digest) was damaged: \(message: replaced.reason); it was replaced, "
                    + "and the bad file is in quarantine\(place)"
            )
        }
        if let level = Self.logLevel {
            options.logger = Logger(label: "bindery.store") { StreamLogHandler.standardError(label: $0) }
            options.logger.logLevel = level
        }
        return options
    }

    private static let used = Mutex<String?>(nil)

    /// Makes this process work on a store of its own, whatever its call and its environment name.
    static func use(_ path: String) { used.withLock { $0 = path } }

    /// Where the store is.
    var path: String {
        if let used = Self.used.withLock(\.self) { return used }
        return Self.path(
            store: store,
            project: Project.current?.store,
            environment: ProcessInfo.processInfo.environment
        )
    }

    /// The store's directory where a command without `--store`, in another directory, takes another one.
    var namedPath: String? {
        store ?? (EnvironmentVariable.value("BINDERY_STORE") == nil ? Project.current?.store : nil)
    }

    /// The option, else the environment's directory, else the project's, else the user's.
    ///
    /// An empty variable counts as none, and so do a relative HOME and XDG_DATA_HOME (XDG Base Directory Specification 0.8).
    static func path(store: String?, project: String? = nil, environment: [String: String]) -> String {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let store { return store }
        if let named = value("BINDERY_STORE") { return named }
        if let project { return project }
        if let data = value("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/bindery" }
        let home = value("HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (home ?? PasswordFile.current?.home ?? "") + "/.local/share/bindery"
    }

    /// The level that `--verbose` or BINDERY_LOG asks for: `debug` shows the steps of changes on standard error.
    private static var logLevel: Logger.Level? {
        if Output.settings.isVerbose { return .debug }
        return ProcessInfo.processInfo.environment["BINDERY_LOG"].flatMap { Logger.Level(rawValue: $0) }
    }

    /// The time, to the millisecond.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Who is written into the log: BINDERY_ACTOR, else user@host.
    static var actor: String {
        if let actor = EnvironmentVariable.value("BINDERY_ACTOR") { return actor }
        var name = [CChar](repeating: 0, count: 256)
        let host =
            gethostname(&name, name.count - 1) == 0
            ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "unknown"
        return "\(userName)@\(host)"
    }

    private static var userName: String {
        PasswordFile.current?.name ?? "uid-\(getuid())"
    }
}
