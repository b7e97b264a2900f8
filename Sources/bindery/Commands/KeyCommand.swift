import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable
import Proofs

struct KeyCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes signing keys, and says whose statements count in the store.",
        discussion: """
            `generate` makes a key, and writes it to FILE and its public half to FILE.pub; `import` does the same with a
            key of OpenSSL. Neither touches the store: private keys stand outside it. `show` prints what a file has.

            `trust` makes the statements of a public key count, for releases whose names follow a --scope, for a role and
            a time; `revoke` ends that for good: what a verified log shows that the key signed before stays good; `list` shows the
            trusted keys. Each role has a key of its own: release
            (sealed releases), builder (how images were built), audit, log (checkpoints), and witness (checkpoints of other
            logs; a policy trusts it, not the store). Keys are ECDSA P-256, those of logs and witnesses Ed25519; `show
            --name` prints one as a policy has it.

            Examples:
              bindery key generate release.key --role release
              bindery key trust release.key.pub --name release-2026 --role release --scope 'team/*' --until 2027-12-31
              bindery key show witness.key.pub --name witness.example/w1
              bindery key list
              bindery key import old.pem -o release.key --role release
              bindery key revoke release-2026 --reason 'the laptop was stolen' --since 2026-11-24
            """
    )

    enum Action: String, CaseIterable, ExpressibleByArgument {
        case generate, show, `import`, trust, list, revoke
    }

    @Argument(help: "What to do: generate, show, import, trust, list or revoke.")
    var action: Action

    @Argument(help: ArgumentHelp("The key's file, or the name of a trusted key.", valueName: "key"))
    var target: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("With import: the file to write.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Option(help: "What the key signs: release, builder, audit, log or witness.", transform: Self.role)
    var role: KeyRole?

    @Option(help: "With trust: what the key is called; with show: the name that it signs notes under.")
    var name: String?

    @Option(
        help: ArgumentHelp(
            "With trust: a pattern of the names of releases that it counts for; repeatable, all by default.",
            valueName: "pattern"
        )
    )
    var scope: [String] = []

    @Option(help: ArgumentHelp("With trust: the first day.", valueName: "time"), transform: Self.time)
    var from: Timestamp?

    @Option(help: ArgumentHelp("With trust: the day when it ends.", valueName: "time"), transform: Self.time)
    var until: Timestamp?

    @Option(help: "With revoke: why.")
    var reason: String?

    @Option(
        help: ArgumentHelp(
            "With revoke: from when it may have been in other hands; what it signed from then on counts no more. Now by default.",
            valueName: "time"
        ),
        transform: Self.time
    )
    var since: Timestamp?

    @Option(
        help: ArgumentHelp(
            "The passphrase, in the first line of a file; $BINDERY_KEY_PASSPHRASE by default.",
            valueName: "file"
        ),
        completion: .file()
    )
    var passphraseFile: String?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        let isMade = action == .generate || action == .import
        try Complaints.check { complaints in
            complaints.require(
                (target == nil) == (action == .list),
                action == .list ? "list takes no key" : "give a key"
            )
            complaints.require((output != nil) == (action == .import), "--output goes with import, which needs it")
            complaints.require(
                (role != nil) == (isMade || action == .trust),
                "--role goes with generate, import and trust, which need it"
            )
            complaints.require(name != nil || action != .trust, "trust needs --name")
            complaints.require(
                name == nil || action == .trust || action == .show,
                "--name goes with trust and show"
            )
            complaints.require(
                action != .trust || role != .witness,
                "witnesses are trusted by a policy, not by the store: see --log-policy of `bindery log`"
            )
            complaints.require((reason != nil) == (action == .revoke), "--reason goes with revoke, which needs it")
            complaints.require(since == nil || action == .revoke, "--since goes with revoke")
            complaints.require(since.map { $0 <= StoreOptionGroup.now } ?? true, "--since is in the future")
            complaints.require(
                action == .trust || scope.isEmpty && from == nil && until == nil,
                "--scope, --from and --until have no effect without trust"
            )
            complaints.require(
                scope.isEmpty || role != .log,
                "--scope has no effect for keys of the log, which speak of no release"
            )
            complaints.require(
                passphraseFile == nil || isMade || action == .show,
                "--passphrase-file has no effect with \(action.rawValue)"
            )
            if let from, let until { complaints.require(from < until, "--until is not after --from") }
        }
    }

    func run() throws {
        guard (action == .generate ? target : output) != "-" else {
            throw UsageError(
                description: "a key is written to a file, and its public half beside it: ./- is one called -"
            )
        }
        // A copy of the store must have no private key.
        if action == .generate { try OutputPlaces.check(target, outside: options.path) }
        if action == .import { try OutputPlaces.check(output, outside: options.path) }
        switch action {
        case .generate, .import, .show: try KeyFile.run(self)
        case .trust: try trust()
        case .list: try print(try options.openForReading().trustedKeys())
        case .revoke:
            let key = try options.open().revokeKey(target ?? "", reason: reason ?? "", since: since)
            if options.json { return try Output.json(KeyShape(key)) }
            Output.line("\(key.identifier)  \(key.name)  revoked")
        }
    }

    private func trust() throws {
        guard let target, let name, let role else { return }
        let key = try KeySource(target).publicKey()
        guard role != .log || key.algorithm == .ed25519 else {
            throw UsageError(
                description: "a key of the log is Ed25519, and \(printable(target)) is \(key.algorithm.rawValue)"
            )
        }
        let trusted = try options.open().trust(
            key.encoded,
            name: name,
            role: role.rawValue,
            scope: scope,
            from: from,
            until: until
        )
        if options.json { return try Output.json(KeyShape(trusted.key)) }
        Output.line("\(key.identifier)  \(name)")
        if !trusted.isNew { Output.note("bindery: it is trusted for that already") }
    }

    private func print(_ keys: [TrustedKey]) throws {
        if options.json { return try Output.json(["keys": keys.map(KeyShape.init)]) }
        var table = Table(
            [("NAME", .left), ("ROLE", .left), ("SCOPE", .left), ("FROM", .left), ("UNTIL", .left), ("KEY", .left)],
            leftOut: ["FROM", "KEY"]
        )
        for key in keys {
            let end = key.revocation.map { "revoked \($0.at.shown)" } ?? key.validUntil?.shown ?? ""
            let scope = key.scope.isEmpty ? "all" : key.scope.joined(separator: " ")
            table.add(key.name, key.role, scope, key.validFrom?.shown ?? "", end, key.identifier)
        }
        table.print()
    }

    @Sendable private static func role(_ text: String) throws -> KeyRole {
        guard let role = KeyRole(rawValue: text) else {
            throw ValidationError("'\(text)' is not a role: release, builder, audit, log or witness is expected")
        }
        return role
    }

    @Sendable private static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text.count == 10 ? text + "T00:00:00Z" : text) else {
            throw ValidationError("'\(text)' is not a time: 2026-11-24 or 2026-11-24T10:00:00Z is expected")
        }
        return time
    }
}
