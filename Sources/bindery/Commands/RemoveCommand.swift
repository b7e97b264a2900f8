internal import ArgumentParser
internal import ArtifactStore

struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes a release; its keys are never reused for other bytes.",
        discussion: """
            A tombstone with the digest stays, so that nobody can release other bytes as this version. \
            What an image of the store holds, or a pin keeps, isn't removed without --force.

            Examples:
              bindery rm mount-monitor@1.2.3 --reason 'built from the wrong branch'
              bindery rm mount-monitor@1.2.3 --platform linux/arm64
            """
    )

    @Argument(help: "The release, name@version.", transform: Arguments.release)
    var release: ReleaseKey

    @Option(help: "Only this platform's artifact.", transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Option(help: "Why, for the log.")
    var reason: String?

    @Flag(help: "Remove it though an image holds it or a pin keeps it.")
    var force = false

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let removed = try options.open(for: .freeing).remove(release, platform: platform, reason: reason, force: force)
        if options.json { return try Output.json(["removed": removed.map(ArtifactShape.init)]) }
        for artifact in removed { Output.line("removed \(artifact.key)  \(artifact.digest)") }
    }
}
