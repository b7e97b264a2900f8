internal import ArgumentParser
internal import ArtifactStore
internal import OCI

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists releases.",
        discussion: """
            Examples:
              bindery ls
              bindery ls mount-monitor
              bindery ls --json | jq -r '.releases[].version'
            """
    )

    @Argument(help: "Only the releases of this name.", transform: Arguments.name)
    var name: RepositoryName?

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let releases = try options.openForReading().releases(of: name)
        if options.json { return try Output.json(["releases": releases.map(ReleaseShape.init)]) }
        if releases.isEmpty {
            return Output.note(name.map { "no release of \($0)" } ?? "no releases yet: `bindery put` stores one")
        }
        var table = Table([("NAME", .left), ("VERSION", .left), ("PLATFORMS", .left), ("SIZE", .right), ("PUT", .left)])
        for release in releases {
            table.add(
                release.key.name.text,
                release.key.version.text,
                release.artifacts.map { "\($0.key.platform)" }.joined(separator: ", "),
                ByteCount.text(release.size),
                release.putAt.rfc3339
            )
        }
        table.print()
    }
}
