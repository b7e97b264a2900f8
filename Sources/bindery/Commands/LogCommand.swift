import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

struct LogCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Shows the store's history: one event for each change, only ever appended; proves and checks it.",
        discussion: """
            Each event is a leaf of a Merkle tree (RFC 6962). `checkpoint` signs the tree as it stands, with a key of the
            role log, as a note of C2SP that others keep. `verify` makes the tree again from the events, and holds it
            against what is stored and against every checkpoint: --since gives one that was kept elsewhere, without which
            an old backup that was restored isn't noticed; --log-policy wants it signed by witnesses, too. `prove NUMBER`
            shows that an event is in the log; `tiles` writes the tree as static files. To list the events of a release
            that is called like one of these, write --name.

            `checkpoint --old SIZE` prints what a witness is sent, `witness` signs such a request as the witness of another
            log, and `checkpoint --cosignatures` adds the answer to the checkpoint (docs/trust.md, "Witnesses"). `restart`
            gives the log another name, under which it goes on.

            Examples:
              bindery log
              bindery log --limit 1000 --json
              bindery log --after 42
              bindery log agent
              bindery log checkpoint --key log.key
              bindery log checkpoint --key log.key --old 0 >request
              bindery log witness --request request --key witness.key --witness-name witness.example/w1 >answer
              bindery log checkpoint --cosignatures answer --log-policy policy
              bindery log verify --since checkpoint.txt --log-key log.key.pub
              bindery log verify --log-policy policy
              bindery log restart --reason 'the key of the log is lost' --origin example.org/log-2
              bindery log prove 42 --json
              bindery log tiles -o public/log
            """
    )

    enum Action: String {
        case checkpoint, prove, verify, tiles, witness, restart
    }

    @Argument(
        help: "Only the events of releases of this name; or checkpoint, prove, verify, tiles, witness or restart."
    )
    var what: String?

    @Argument(help: ArgumentHelp("With prove: the event's number.", valueName: "number"))
    var number: Int64?

    @Option(help: "Only the events of releases of this name.", transform: Arguments.name)
    var name: RepositoryName?

    @Option(help: ArgumentHelp("At most this many events; 50 by default.", valueName: "count"))
    var limit: Int?

    private var count: Int { limit ?? 50 }

    @Option(help: ArgumentHelp("From the event after this one, instead of the last ones.", valueName: "sequence"))
    var after: Int64?

    @Option(
        help: ArgumentHelp("With verify: a checkpoint that was kept elsewhere; repeatable.", valueName: "file"),
        completion: .file()
    )
    var since: [String] = []

    @Option(
        help: ArgumentHelp(
            "With verify and witness: the public key that signed the checkpoint; by default, any trusted key of the role log.",
            valueName: "file"
        ),
        completion: .file()
    )
    var logKey: String?

    @Option(
        help: ArgumentHelp(
            "With verify and checkpoint: the logs and witnesses whose signatures count (C2SP tlog-policy).",
            valueName: "file"
        ),
        completion: .file()
    )
    var logPolicy: String?

    @Option(
        help: ArgumentHelp(
            "With checkpoint: print the request to a witness whose last checkpoint has this size; 0 for none.",
            valueName: "size"
        )
    )
    var old: Int64?

    @Option(
        help: ArgumentHelp(
            "With checkpoint: add a witness's answer to the checkpoint; - is standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var cosignatures: String?

    @Option(
        help: ArgumentHelp("With witness: what the log asks to be signed; - is standard input.", valueName: "file"),
        completion: .file()
    )
    var request: String?

    @Option(help: ArgumentHelp("With witness: the name that it signs under.", valueName: "name"))
    var witnessName: String?

    @Option(help: "With restart: why.")
    var reason: String?

    @Option(help: ArgumentHelp("With restart: the log's new name; a random one by default.", valueName: "name"))
    var origin: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("With tiles: the directory to write.", valueName: "dir"),
        completion: .directory
    )
    var output: String?

    @OptionGroup var signing: SigningOptionGroup

    @OptionGroup var options: StoreOptionGroup

    private var action: Action? { what.flatMap(Action.init) }

    func validate() throws {
        let isSigning = signing.key != nil || signing.signer != nil || signing.passphraseFile != nil
        try Complaints.check { complaints in
            complaints.require(count > 0, "--limit is 1 or more")
            complaints.require(
                (number != nil) == (action == .prove),
                action == .prove ? "prove takes the event's number" : "a number goes with prove"
            )
            complaints.require(action == .verify || since.isEmpty, "--since goes with verify")
            complaints.require(
                logKey == nil || !since.isEmpty || action == .witness,
                "--log-key goes with --since, and with witness"
            )
            complaints.require(logKey == nil || logPolicy == nil, "--log-key and --log-policy exclude each other")
            complaints.require(
                logPolicy == nil || action == .verify || cosignatures != nil,
                "--log-policy goes with verify and with checkpoint --cosignatures"
            )
            complaints.require(
                old == nil && cosignatures == nil || action == .checkpoint,
                "--old and --cosignatures go with checkpoint"
            )
            complaints.require(
                cosignatures == nil || logPolicy != nil && old == nil && !isSigning,
                "--cosignatures needs --log-policy, which names the witnesses, and excludes --old and --key"
            )
            complaints.require(old == nil || !options.json, "--old prints a request, which has no JSON")
            complaints.require(old ?? 0 >= 0, "--old is 0 or more")
            complaints.require(
                (request != nil && witnessName != nil) == (action == .witness)
                    && (request != nil) == (witnessName != nil),
                "--request and --witness-name go with witness, which needs both"
            )
            complaints.require((reason != nil) == (action == .restart), "--reason goes with restart, which needs it")
            complaints.require(origin == nil || action == .restart, "--origin goes with restart")
            complaints.require((output != nil) == (action == .tiles), "--output goes with tiles, which needs it")
            complaints.require(
                !isSigning || action == .checkpoint || action == .witness || action == .restart,
                "--key, --passphrase-file and --signer go with checkpoint, witness and restart"
            )
            complaints.require(
                action == nil || after == nil && name == nil && limit == nil,
                "--after, --limit and --name go with the list of events"
            )
            complaints.require(what == nil || action != nil || name == nil, "one name is enough")
        }
        if let what, action == nil {
            if let release = try? ReleaseKey(parsing: what) {
                let reason = "'\(what)' is a release: `bindery log \(release.name)` lists the events of its name"
                throw UsageError(description: reason)
            }
            _ = try Arguments.name(what)
        }
        if let origin { try Arguments.checkLogName(origin) }
    }

    func run() throws {
        try OutputPlaces.check(directory: output, "--output", outside: options.path)
        switch action {
        case .checkpoint: try LogProofs.checkpoint(self)
        case .prove: try LogProofs.prove(self)
        case .verify: try LogProofs.verify(self)
        case .tiles: try LogProofs.tiles(self)
        case .witness: try LogWitness.sign(self)
        case .restart: try LogProofs.restart(self)
        case nil: try list()
        }
    }

    private func list() throws {
        let store = try options.openForReading()
        let events = try events(of: store)
        if options.json { return try Output.json(["events": events.map(Shape.init)]) }
        if let after, events.isEmpty { return Output.note("no event after \(after)") }
        var table = Table(
            [("#", .right), ("WHEN", .left), ("WHAT", .left), ("KEY", .path), ("DIGEST", .left), ("BY", .left)],
            leftOut: ["BY", "DIGEST"]
        )
        for event in events {
            let subject = try event.pinned.map { try Self.holders(of: $0, in: store) }
            table.add(
                "\(event.sequence)",
                event["at"].map { Timestamp(rfc3339: $0)?.shown ?? $0 } ?? "",
                event["what"] ?? "",
                [subject, event.subject].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": "),
                (event["digest"].flatMap { try? Digest(parsing: $0) })?.short ?? "",
                event["by"] ?? ""
            )
        }
        table.print()
    }

    // A pin is on bytes: what has them, or had them.
    private static func holders(of digest: Digest, in store: Store) throws -> String {
        let removed = try store.withdrawn([digest]).values.joined().map { "\($0.key)" }
        let keys = try store.artifacts(with: digest).map { "\($0.key)" } + removed
        let image = ImageReference(repository: try RepositoryName(parsing: "image"), digest: digest)
        let names = try keys.isEmpty ? store.image(image)?.references ?? [] : keys
        return (names.first ?? "") + (names.count > 1 ? " and \(names.count - 1) more" : "")
    }

    private func events(of store: Store) throws -> [Event] {
        guard let name = try name ?? what.map({ try Arguments.name($0) }) else {
            return try after.map { try store.events(after: $0, limit: count) } ?? store.latestEvents(limit: count)
        }
        let all = try store.events(after: after ?? 0, limit: .max).filter {
            $0["name"] == name.text || $0.draftKey?.name == name
        }
        if all.isEmpty, after == nil {
            let guess = try store.nearestName(to: name).map { "did you mean \($0)?" }
            throw StoreError.notFound(
                what: "an event of \(name)",
                hint: guess ?? "run `bindery log` to list all events"
            )
        }
        return Array(after == nil ? all.suffix(count) : all.prefix(count))
    }

    private struct Shape: Encodable {
        let sequence: Int64
        let event: JSONValue

        init(_ event: Event) {
            sequence = event.sequence
            self.event = event.body
        }
    }
}

extension Event {
    /// The digest that a pin was put on or taken off; nil for other events.
    fileprivate var pinned: Digest? {
        guard ["pin", "unpin"].contains(self["what"]) else { return nil }
        return self["digest"].flatMap { try? Digest(parsing: $0) }
    }

    /// What it is about, for people: a key, a name, a reason.
    fileprivate var subject: String {
        let kind = self["what"].flatMap(Event.Kind.init)
        if let key { return "\(key)" + (kind == .remove ? self["reason"].map { " (\($0))" } ?? "" : "") }
        if let draftKey { return "\(draftKey)" }
        if kind == .seal, let name = self["name"], let version = self["version"] { return "\(name)@\(version)" }
        if kind == .revoke {
            let what = self["name"].map { "\($0)@\(self["version"] ?? "")" } ?? "bytes"
            return "\(what) \(self["level"] ?? "") (\(self["reason"] ?? ""))"
        }
        if let packed, let file = packed["fileName"] {
            return "\(file), packed from \(packed["name"] ?? "")@\(packed["version"] ?? "")"
        }
        if kind == .token, let token = self["token"] {
            return isSet("removed") ? token + " ended" : token + " " + texts("scopes").joined(separator: " ")
        }
        if let name = self["rule"], let value = self["value"] { return "\(name) \(value)" }
        if let name = self["predicateType"] { return name }
        if kind != .attest, kind != .revoke, let name = self["key"] { return name }
        let row = row ?? self
        if let name = row["tag"] ?? row["reference"] { return name }
        if let name = row["removed"], name != "true" { return "\(name) removed" }
        if kind == .publish, let subject = self["subject"], let place = self["place"] {
            return "\(subject) at \(place)" + (isSet("forgotten") ? " forgotten" : "")
        }
        if kind == .restore, let source = self["source"] { return "from \(source)" }
        return row["reason"] ?? ""
    }
}
