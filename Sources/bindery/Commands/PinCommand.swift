import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

struct PinCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Keeps a release or an image, whatever policies and collections say; lists what is pinned.",
        discussion: """
            Examples:
              bindery pin mount-monitor@1.2.3 --reason 'the version of the audit of 2026'
              bindery pin
            """
    )

    @Argument(
        help: "A release, name@version, or an image of the store; nothing lists the pins.",
        completion: Completions.releasesAndImages,
        transform: PinTarget.init(parsing:)
    )
    var target: PinTarget?

    @Option(help: "Why.")
    var reason: String?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        guard target != nil || reason == nil else {
            throw ValidationError("--reason has no effect without what is pinned")
        }
    }

    func run() throws {
        if let target {
            let store = try options.open()
            try store.pin(try target.digests(in: store), reason: reason)
        }
        let store = try options.openForReading()
        let pins = try store.pins()
        let names = try Self.names(of: pins, in: store)
        if options.json { return try Output.json(["pins": pins.map { Shape($0, names[$0.digest] ?? []) }]) }
        guard target == nil else { return }
        var table = Table(
            [("PINNED", .path), ("SINCE", .left), ("BY", .left), ("REASON", .left), ("DIGEST", .left)],
            leftOut: ["BY", "SINCE", "DIGEST"]
        )
        for pin in pins {
            let what = (names[pin.digest] ?? []).joined(separator: ", ")
            table.add(what, pin.pinnedAt, pin.pinnedBy, pin.reason ?? "", pin.digest)
        }
        table.print()
    }

    // A pin is on bytes: all that have them, or had them, are pinned.
    private static func names(of pins: [Pin], in store: Store) throws -> [Digest: [String]] {
        let removed = try store.withdrawn(Set(pins.map(\.digest)))
        let images = Dictionary(grouping: try store.images(), by: \.digest)
        var names: [Digest: [String]] = [:]
        for digest in pins.map(\.digest) {
            let released = try store.artifacts(with: digest).map { "\($0.key)" }
            let former = (removed[digest] ?? []).map { "\($0.key), removed" }
            names[digest] = released + former + (images[digest] ?? []).flatMap(\.references)
        }
        return names
    }

    private struct Shape: Encodable {
        let digest: Digest
        let names: [String]
        let reason: String?
        let pinnedAt: String
        let pinnedBy: String

        init(_ pin: Pin, _ names: [String]) {
            digest = pin.digest
            self.names = names
            reason = pin.reason
            pinnedAt = pin.pinnedAt.rfc3339
            pinnedBy = pin.pinnedBy
        }
    }
}

struct UnpinCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Removes a pin; a later collection removes what nothing else keeps.",
        discussion: """
            Examples:
              bindery unpin mount-monitor@1.2.3
            """
    )

    @Argument(
        help: "A release, name@version, an image of the store, or a digest.",
        completion: Completions.releasesAndImages,
        transform: PinTarget.init(parsing:)
    )
    var target: PinTarget

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.open(for: .freeing)
        let count = try store.unpin(try target.digests(in: store, orRemoved: true))
        guard count > 0 else {
            throw StoreError.notFound(what: "a pin of \(target)", hint: "run `bindery pin` to list the pins")
        }
        if options.json { try Output.json(["removed": count]) }
    }
}

/// What a pin is put on.
enum PinTarget: CustomStringConvertible, Sendable {
    case digest(Digest)
    case named(ReleaseOrImage)

    /// Reads a digest, a release or an image; throws a usage error for what is neither.
    @Sendable init(parsing text: String) throws {
        self =
            if let digest = try? Digest(parsing: text) { .digest(digest) } else {
                .named(try ReleaseOrImage(parsing: text))
            }
    }

    /// The written form.
    var description: String {
        switch self {
        case .digest(let digest): "\(digest)"
        case .named(.release(let release)): "\(release)"
        case .named(.image(let reference)): "\(reference)"
        }
    }

    /// The digests of a release's files, of an image, or the digest itself; with `orRemoved`, those of removed files, too.
    func digests(in store: Store, orRemoved: Bool = false) throws -> [Digest] {
        switch self {
        case .digest(let digest): return [digest]
        case .named(.release(let release)):
            let removed = orRemoved ? try store.withdrawn(release).map(\.digest) : []
            let digests = try store.artifacts(of: release).map(\.digest) + removed
            guard !digests.isEmpty else { throw store.nothing(of: release) }
            return digests
        case .named(.image(let reference)): return [try store.existingImage(reference).digest]
        }
    }
}
