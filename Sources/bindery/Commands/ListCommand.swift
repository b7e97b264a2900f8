import ArgumentParser
import ArtifactStore
import OCI
import Printable
import Release

struct ListCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists releases.",
        discussion: """
            Examples:
              bindery ls
              bindery ls mount-monitor
              bindery ls --limit 100
              bindery ls --limit 100 --after mount-monitor@1.2.3
              bindery ls --json | jq -r '.releases[].version'
            """
    )

    @Argument(help: "Only the releases of this name.", transform: Arguments.name)
    var name: RepositoryName?

    @Option(help: "At most so many releases.")
    var limit: Int?

    @Option(
        help: ArgumentHelp("Go on behind this release, or behind all releases of a name.", valueName: "name[@version]"),
        transform: Arguments.position
    )
    var after: ReleasePage.Position?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func run() throws {
        let page = try options.openForReading().releasePage(of: name, after: after, limit: limit ?? .max)
        if options.json { return try Output.json(Shape(page)) }
        print(page.releases)
        if let next = page.next { Output.note("there are more: go on with --after \(next)") }
    }

    private func print(_ releases: [Release]) {
        if releases.isEmpty {
            if let after {
                return Output.note("nothing behind \(after.name)" + (after.version.map { "@\($0)" } ?? ""))
            }
            return Output.note(name.map { "no release of \($0)" } ?? "no releases yet: `bindery put` stores one")
        }
        var table = Table(
            [("NAME", .path), ("VERSION", .left), ("PLATFORMS", .left), ("SIZE", .right), ("PUT", .left)],
            leftOut: ["PUT", "SIZE"]
        )
        for release in releases {
            table.add(
                release.key.name.text,
                release.key.version.text,
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

        init(_ page: ReleasePage) {
            releases = page.releases.map(ReleaseShape.init)
            next = page.next.map { "\($0)" }
        }
    }
}
