import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

struct RemoveCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes a release, whose keys are never reused for other bytes; or takes a name off an image.",
        discussion: """
            What has an @ and no colon behind it, name@version, is a release. A tombstone with the digest stays, so that \
            nobody can release other bytes as this version, and `audit` refuses images that hold the file. What an image of the store holds, or a pin keeps, isn't \
            removed without --force.

            Everything else is an image: repository:tag takes that name off it, and a collection takes the image when it \
            has no name any more; repository@sha256:… takes the image away with all its names. Pinned images stay, \
            without a name.

            Examples:
              bindery rm mount-monitor@1.2.3 --reason 'built from the wrong branch'
              bindery rm mount-monitor@1.2.3 --platform linux/arm64
              bindery rm registry.example/mount-monitor:v1.2.3-rc.1
            """
    )

    @Argument(
        help: "The release, name@version, or the image, [registry/]repository[:tag][@digest].",
        transform: Arguments.releaseOrImage
    )
    var what: ReleaseOrImage

    @Option(help: "Only this platform's artifact of the release.", transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Option(help: "Only this file of the release.", transform: Arguments.path)
    var file: ReleasePath?

    @Option(help: "Why, for the log.")
    var reason: String?

    @Flag(help: "Remove the release though an image holds it or a pin keeps it.")
    var force = false

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if case .image = what, platform != nil || file != nil || force {
            throw ValidationError("--platform, --file and --force are for releases, name@version")
        }
        if reason?.hasPrefix(Tombstone.retention) == true {
            throw ValidationError(
                "a reason that begins with '\(Tombstone.retention)' is for removals by a retention policy"
            )
        }
    }

    func run() throws {
        let store = try options.open(for: .freeing)
        switch what {
        case .release(let release):
            let removed = try store.remove(release, platform: platform, file: file, reason: reason, force: force)
            if options.json { return try Output.json(["removed": removed.map(ArtifactShape.init)]) }
            for artifact in removed { Output.line("removed \(artifact.key)  \(artifact.digest)") }
        case .image(let reference):
            let digest = try store.existingImage(reference).digest
            guard try store.removeImage(reference, reason: reason) else { throw Store.noImage(reference) }
            let name = reference.digest == nil ? reference.normalized : reference.description
            if options.json { return try Output.json(["removedImage": ["digest": "\(digest)", "reference": name]]) }
            Output.line("removed \(name)  \(digest)")
        }
    }
}
