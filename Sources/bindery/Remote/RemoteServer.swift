import ArgumentParser
import ArtifactStore
import Foundation
import Glibc
import ImageTransport
import JSON
import OCI
import Printable
import Proofs
import Publishing
import RegistryClient
import Release
import SystemIO

/// A command that can work on a server instead of a store of this machine, by `--remote`.
protocol RemoteCommand: StoreCommand {
    /// Does on a server what ``run()`` does on a store.
    func run(on server: RemoteServer) throws
}

/// The server that `--remote` names: `bindery serve`, or for releases any registry.
struct RemoteServer {
    private let place: RegistryPlace
    private let registry: RegistryOptionGroup

    private init(_ text: String) throws {
        place = try RegistryPlace(parsing: text)
        registry = try RegistryOptionGroup.parse([])
    }

    /// Runs a command on a server.
    ///
    /// Throws ``UsageError`` for one that works on a store of this machine alone.
    static func run(_ command: any StoreCommand, on text: String) throws {
        let name = type(of: command).configuration.commandName ?? ""
        guard command.options.store == nil else {
            throw UsageError(description: "--store and --remote exclude each other")
        }
        guard let remote = command as? any RemoteCommand else {
            throw UsageError(
                description: """
                    `bindery \(name)` works on a store of this machine, not by --remote
                    \(instead(of: command, printable(text, limit: 200)))
                    """
            )
        }
        try remote.run(on: RemoteServer(text))
    }

    // What does the same on a server.
    private static func instead(of command: any StoreCommand, _ server: String) -> String {
        switch command {
        case let command as BuildCommand:
            let releases = command.build.releases.map { "\($0)" }.joined(separator: " ")
            let images = command.tag.map(\.tagged).joined(separator: " ")
            return """
                `bindery pull \(server) \(releases)` brings the \(command.build.releases.count == 1 ? "release" : "releases") \
                into it, and `bindery push \(server) \(images.isEmpty ? "IMAGE" : images)` takes the image there.
                """
        case is AuditCommand:
            return """
                `bindery pull \(server)` brings the releases into it; a server that looks at files says what an archive of the \
                image is: `curl --data-binary @FILE \(server)/api/v1/identify`.
                """
        default: return "`bindery pull \(server)` brings what is there into it."
        }
    }

    private func listing() -> RegistryListing { registry.listing(place) }

    /// Runs a command on a store of its own, which has some releases of the server; where it changes them, they go back.
    ///
    /// Nothing of that store stays.
    func mirror(
        _ patterns: [String],
        of command: any StoreCommand,
        returning isReturned: Bool = false,
        _ body: () throws -> Void
    ) throws {
        let path = Directory.temporary + "/bindery-remote-\(UUID().uuidString.lowercased())"
        defer { try? Directory.removeTree(path) }
        StoreOptionGroup.use(path)
        let store = try command.options.open(create: true, durable: false)
        let sync = StoreSync(
            store: store,
            place: SyncPlace(place),
            registries: registry.access(to: place),
            listing: listing(),
            mayMove: false,
            isDryRun: false,
            warn: { Output.warning($0) }
        )
        // What is signed is for the server, or for whoever takes it into a store, to judge.
        let trust = BundleTrust(allowsUnsigned: true, looksAtProofs: true)
        // No pattern would be all that there is.
        let wanted = try patterns.isEmpty ? [] : sync.there(patterns.map { try SyncPattern(parsing: $0) })
        for item in wanted {
            guard case .release(let release) = item else { continue }
            try Self.bar("pulling \(release)") { progress in _ = try sync.pull(item, trust, progress: progress) }
        }
        try body()
        guard isReturned else { return }
        for release in try store.releases().map(\.key) {
            // What others have put meanwhile, or before: other bytes are a conflict, further files go beside it.
            try Self.bar("pulling \(release)") { progress in
                _ = try sync.pull(.release(release), trust, progress: progress)
            }
            try Self.bar("pushing \(release)") { progress in
                _ = try sync.push(.release(release), progress: progress)
            }
        }
    }

    private static func bar(_ title: String, _ body: (@escaping (Int64) -> Void) throws -> Void) throws {
        let progress = Progress(title, total: nil)
        defer { progress.finish() }
        try body { progress.add($0) }
    }

    /// What the API of the server says: a document below `/api/v1/`, nil for one that isn't there.
    func document(_ path: String) throws -> JSONDocument? {
        do throws(TransportError) {
            return try listing().document(path)
        } catch {
            guard error.isNothingThere else { throw error }
            return nil
        }
    }

    /// For messages.
    var name: String { "\(place)" }
}
