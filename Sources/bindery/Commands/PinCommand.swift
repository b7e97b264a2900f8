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
        if options.json { return try Output.json(["pins": pins.map(Shape.init)]) }
        guard target == nil else { return }
        var table = Table(
            [("DIGEST", .left), ("SINCE", .left), ("BY", .left), ("REASON", .left)],
            leftOut: ["BY", "SINCE"]
        )
        for pin in pins { table.add(pin.digest, pin.pinnedAt, pin.pinnedBy, pin.reason ?? "") }
        table.print()
    }

    private struct Shape: Encodable {
        let digest: Digest
        let reason: String?
        let pinnedAt: String
        let pinnedBy: String

        init(_ pin: Pin) {
            digest = pin.digest
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
