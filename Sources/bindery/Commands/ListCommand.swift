import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Printable
import Release
import Shapes

struct ListCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists releases.",
        discussion: """
            A pattern is a name or a release, with * for any text and ? for one character. A digest, or 7 of its digits,
            stands for the releases with such a file. A place such as oci-archive:FILE or docker://REF is looked into:
            what `bindery import` would find there.

            Examples:
              bindery ls
              bindery ls mount-monitor
              bindery ls 'team/*' 'mount-monitor@1.2.*'
              bindery ls 2c26b46b68ff
              bindery ls oci-archive:agent.bundle
              bindery ls --limit 100 --after mount-monitor@1.2.3
              bindery ls --json | jq -r '.releases[].version'
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Only the releases that follow one of these patterns; or a place to look into.",
            valueName: "pattern"
        ),
        completion: Completions.releases
    )
    var patterns: [String] = []

    @Flag(help: "List the drafts.")
    var draft = false

    @Option(help: "List this many releases at most.")
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Continue after this release, or after all releases of a name.",
            valueName: "name[@version]"
        ),
        transform: Arguments.position
    )
    var after: ReleasePage.Position?

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if place != nil, patterns.count > 1 || draft || limit != nil || after != nil {
            throw ValidationError("a place is looked into alone: leave out patterns, --draft, --limit and --after")
        }
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
        if draft, limit != nil || after != nil {
            throw ValidationError("--draft lists all drafts: leave --limit and --after out")
        }
    }

    // What isn't the store's; a release may be called like a transport.
    private var place: ImageLocation? {
        let locations = patterns.compactMap { text in
            (try? ReleasePattern(parsing: text)) == nil ? try? ImageLocation(parsing: text) : nil
        }
        return locations.first { if case .store = $0 { false } else { true } }
    }

    func run() throws {
        if let place {
            let listing = try PlaceListing(place, registries: registry.access)
            return options.json ? try Output.json(listing) : listing.print()
        }
        let store = try options.openForReading()
        if draft { return try list(store.drafts()) }
        let limit = limit ?? .max
        let wanted = try patterns.map { ($0, try self.read($0, store)) }
        let page =
            try wanted.isEmpty
            ? store.releasePage(after: after, limit: limit)
            : store.releasePage(matching: wanted.flatMap(\.1), after: after, limit: limit)
        if after == nil, page.next == nil {
            for (text, patterns) in wanted
            where !page.releases.contains(where: { release in
                patterns.contains { $0.matches(release.key) }
            }) {
                try Self.refuse(text, in: store)
            }
        }
        let marks = try store.revocationMarks()
        if options.json { return try Output.json(Shape(page, marks)) }
        print(page.releases, marks)
        if let next = page.next { Output.note("there are more: go on with --after \(next)") }
    }

    // A name that nothing has is an error, a pattern may have no release.
    private static func refuse(_ text: String, in store: Store) throws {
        guard !text.contains(where: { "*?".contains($0) }) else { return Output.note("no release of \(text)") }
        if let release = try? ReleaseKey(parsing: text) { throw store.nothing(of: release) }
        throw store.nothing(of: try Arguments.name(text))
    }

    private func list(_ drafts: [Release]) throws {
        let patterns = try self.patterns.map { text in
            do { return try ReleasePattern(parsing: text) } catch { throw UsageError(description: "\(error)") }
        }
        let found = drafts.filter { draft in patterns.isEmpty || patterns.contains { $0.matches(draft.key) } }
        if found.isEmpty, let name = self.patterns.first(where: { !$0.contains(where: { "*?".contains($0) }) }) {
            throw StoreError.notFound(what: "a draft of \(name)", hint: "run `bindery ls --draft` to list the drafts")
        }
        if options.json { return try Output.json(Shape(ReleasePage(releases: found), nil)) }
        if found.isEmpty { return Output.note("no drafts: `bindery put --draft` begins one") }
        print(found, nil)
    }

    // A name goes before a digest's digits, which may be one.
    private func read(_ text: String, _ store: Store) throws -> [ReleasePattern] {
        let isName = try (try? RepositoryName(parsing: text)).map {
            try !store.releasePage(of: $0, limit: 1).releases.isEmpty
        }
        guard isName != true, let digest = try store.digest(named: text) else {
            if let remark = ImageLocation.remark(on: text), isName != true {
                throw UsageError(description: "'\(text)' is not a name of this store: \(remark)")
            }
            do { return [try ReleasePattern(parsing: text)] } catch { throw UsageError(description: "\(error)") }
        }
        let releases = Set(try store.artifacts(with: digest).map(\.key.release))
        guard !releases.isEmpty else {
            throw StoreError.notFound(
                what: "a release with \(digest.description)",
                hint: "`bindery where \(digest.description)` says which images hold it."
            )
        }
        return try releases.map { try ReleasePattern(parsing: "\($0)") }
    }

    private func print(_ releases: [Release], _ marks: RevocationMarks?) {
        if releases.isEmpty {
            if let after {
                return Output.note("nothing behind \(after.name)" + (after.version.map { "@\($0)" } ?? ""))
            }
            if patterns.isEmpty { Output.note("no releases yet: `bindery put` stores one") }
            return
        }
        var table = Table(
            [("NAME", .path), ("VERSION", .left), ("PLATFORMS", .left), ("SIZE", .right), ("PUT", .left)],
            leftOut: ["PUT", "SIZE"]
        )
        for release in releases {
            table.add(
                release.key.name.text,
                release.key.version.text + (marks?[release.key].map { " (\($0.level.word))" } ?? ""),
                release.artifacts.platforms.joined(separator: ", "),
                ByteCount.text(release.size),
                release.putAt
            )
        }
        table.print()
    }

    private struct Shape: Encodable {
        let releases: [ReleaseShape]
        let next: String?

        init(_ page: ReleasePage, _ marks: RevocationMarks?) {
            releases = page.releases.map { ReleaseShape($0, marks?[$0.key]) }
            next = page.next.map { "\($0)" }
        }
    }
}
