import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Printable
import Proofs
import Publishing
import RegistryClient
import Release

struct PushCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Brings releases and images of the store to a server, as far as they are missing there.",
        discussion: """
            The server is one that `bindery serve --allow-push` runs, or any other registry. A release goes to \
            releases/NAME with its version as the tag, an image to its repository, each with its digest, its signatures \
            and its attestations. What is there already isn't sent again. Without a pattern it is all that the store has, \
            but for drafts and what is held back.

            A release that is there with other bytes is a conflict (status 5), and so is a tag that leads to another \
            image, unless --force moves it. What fails doesn't stop the others.

            Examples:
              bindery push registry.example
              bindery push localhost:5000 'team/*' agent@1.2.3 --dry-run
              bindery push registry.example/team agent:1.2.3
            """
    )

    @OptionGroup var sync: SyncOptionGroup

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.open(for: .recording)
        let run = try sync.run(store, registry)
        try SyncRows.take(try run.here(sync.patterns), json: options.json, server: sync.server, "pushing") {
            if case .release(let release) = $0 { try RevocationRule.check([release], refusing: nil, in: store) }
            return try run.push($0, progress: $1)
        }
    }
}

struct PullCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Brings releases and images of a server into the store, as far as they are missing here.",
        discussion: """
            The other way round than `bindery push`: from the releases/NAME of a server, and from its other repositories. \
            Names with * and ?, and calls without a name, need a bindery there, which lists what it has.

            A release that is here with other bytes is a conflict (status 5), and so is a name of another image, unless \
            --force moves it. A release in the scope of a trusted key must be signed, as for `bindery import`.

            Examples:
              bindery pull registry.example
              bindery pull localhost:5000 'agent@1.*' --dry-run
              bindery pull registry.example/team agent
            """
    )

    @OptionGroup var sync: SyncOptionGroup

    @Flag(help: "Take releases that no trusted key has signed, though one covers their name.")
    var allowUnsigned = false

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.open(create: !sync.dryRun)
        let run = try sync.run(store, registry)
        let trust = BundleTrust(allowsUnsigned: allowUnsigned, looksAtProofs: true)
        try SyncRows.take(try run.there(sync.patterns), json: options.json, server: sync.server, "pulling") {
            try run.pull($0, trust, progress: $1)
        }
    }
}

/// What both ways have in common.
struct SyncOptionGroup: ParsableArguments {
    @Argument(help: "The server: HOST, HOST:PORT, or with a path below which its repositories are.")
    var server: String

    @Argument(
        help: "Only these: a name, name@version, or name:tag; * is any text, ? one character.",
        completion: Completions.releasesAndImages,
        transform: { text in
            do { return try SyncPattern(parsing: text) } catch { throw ValidationError("\(error)") }
        }
    )
    var patterns: [SyncPattern] = []

    @Flag(help: "Let a tag lead to another image than before.")
    var force = false

    @Flag(help: "Print what would be brought, and change nothing.")
    var dryRun = false

    func run(_ store: Store, _ registry: RegistryOptionGroup) throws -> StoreSync {
        let place = try RegistryPlace(parsing: server)
        // What is wrong with the options is said once, before anything is tried.
        _ = try registry.web([])
        return StoreSync(
            store: store,
            place: SyncPlace(place),
            registries: registry.access(to: place),
            listing: registry.listing(place),
            mayMove: force,
            isDryRun: dryRun,
            warn: { Output.warning($0) }
        )
    }
}

/// One row for each release and image.
private enum SyncRows {
    private struct Row: Encodable {
        let name: String
        let result: String
        let digest: Digest?
        let error: String?
        let status: ExitStatus

        private enum CodingKeys: String, CodingKey {
            case name, result, digest, error
        }
    }

    private struct Shape: Encodable {
        let server: String
        let items: [Row]
    }

    static func take(
        _ items: [ReleaseOrImage],
        json: Bool,
        server: String,
        _ verb: String,
        _ body: (ReleaseOrImage, @escaping (Int64) -> Void) throws -> (StoreSync.Outcome, Digest?)
    ) throws {
        let rows = items.map { item in
            let name = Self.name(of: item)
            let progress = Progress("\(verb) \(name)", total: nil)
            defer { progress.finish() }
            do {
                let (outcome, digest) = try body(item) { progress.add($0) }
                return Row(name: name, result: outcome.rawValue, digest: digest, error: nil, status: .done)
            } catch {
                let status = ExitStatus(of: error) ?? .environment
                return Row(name: name, result: "failed", digest: nil, error: "\(error)", status: status)
            }
        }
        if json {
            try Output.json(Shape(server: server, items: rows))
        } else {
            var table = Table([("WHAT", .path), ("RESULT", .left), ("DIGEST", .left)], leftOut: ["DIGEST"])
            for row in rows { table.add(row.name, row.result, row.digest?.description ?? "") }
            table.print()
        }
        for row in rows { if let error = row.error { Output.error("\(message: row.name): \(message: error)") } }
        if let worst = rows.map(\.status).max(by: { $0.rawValue < $1.rawValue }), worst != .done { throw worst }
    }

    private static func name(of item: ReleaseOrImage) -> String {
        switch item {
        case .release(let release): "\(release)"
        case .image(let reference): reference.tagged
        }
    }
}
