import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release
import Shapes

struct RemoveCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Removes releases, whose keys are never reused for other bytes, or names of images.",
        discussion: """
            name@version, with an @ and no colon after it, is a release. A tombstone with the digest stays, so that \
            nobody can release other bytes as this version, and `audit` refuses images that hold the file; --harmless says that \
            nothing is wrong with it, so that `audit` only reports it. What an image of the store holds, or a pin keeps, \
            isn't removed without --force.

            Everything else is an image: repository:tag removes that name, and a collection removes the image once it \
            has no name; repository@sha256:… removes the image with all its names. Pinned images stay, without a name.

            With --draft, files are removed from drafts, and leave no tombstone.

            Of several, all are removed or none.

            Examples:
              bindery rm mount-monitor@1.2.3 --reason 'built from the wrong branch'
              bindery rm mount-monitor@1.2.3 --platform linux/arm64
              bindery rm mount-monitor@1.2.3-rc.1 mount-monitor@1.2.3-rc.2
              bindery rm registry.example/mount-monitor:v1.2.3-rc.1
            """
    )

    @Argument(
        help: "Releases, name@version, and images, [registry/]repository[:tag][@digest].",
        completion: Completions.releasesAndImages,
        transform: Arguments.releaseOrImage
    )
    var what: [ReleaseOrImage]

    @Option(
        help: "Only this platform's artifact of the release.",
        completion: Completions.platforms,
        transform: Arguments.platform
    )
    var platform: ArtifactPlatform?

    @Option(help: "Only this file of the release.", transform: Arguments.path)
    var file: ReleasePath?

    @Option(help: "Why, for the log.")
    var reason: String?

    @Flag(help: "Nothing is wrong with the release: `audit` reports images that contain it, and doesn't refuse them.")
    var harmless = false

    @Flag(help: "Take files out of drafts, which leaves no tombstone.")
    var draft = false

    @Flag(help: "Remove the release though an image holds it or a pin keeps it.")
    var force = false

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        let hasImage = what.contains { if case .image = $0 { true } else { false } }
        if hasImage, platform != nil || file != nil || harmless || force || draft || reason != nil {
            throw ValidationError(
                "--platform, --file, --reason, --harmless, --force and --draft are for releases, name@version"
            )
        }
        if draft, harmless || force || reason != nil {
            throw ValidationError("--draft leaves nothing that --reason, --harmless or --force could be about")
        }
        if reason?.hasPrefix(Tombstone.retention) == true {
            throw ValidationError(
                "a reason that begins with '\(Tombstone.retention)' is for removals by a retention policy"
            )
        }
    }

    func run() throws {
        let removals = what.map { what -> Removal in
            switch what {
            case .release(let release) where draft: .draft(release, platform: platform, file: file)
            case .release(let release): .release(release, platform: platform, file: file)
            case .image(let reference): .image(reference)
            }
        }
        let store = try options.open(for: .freeing)
        let outcomes = try store.remove(removals, reason: reason, isHarmless: harmless, force: force)
        if options.json { return try Output.json(Shape(outcomes)) }
        for outcome in outcomes {
            switch outcome {
            case .artifacts(let artifacts):
                for artifact in artifacts { Output.line("removed \(artifact.key)  \(artifact.digest)") }
            case .image(let reference, let digest): Output.line("removed \(reference.removedName)  \(digest)")
            }
        }
    }

    private struct Shape: Encodable {
        struct Image: Encodable {
            let digest: Digest
            let reference: String
        }

        // An image alone has a member of its own.
        var removed: [ArtifactShape]?
        var removedImage: Image?
        var removedImages: [Image]?

        init(_ outcomes: [Removal.Outcome]) {
            for outcome in outcomes {
                switch outcome {
                case .artifacts(let artifacts): removed = (removed ?? []) + artifacts.map(ArtifactShape.init)
                case .image(let reference, let digest):
                    removedImages = (removedImages ?? []) + [Image(digest: digest, reference: reference.removedName)]
                }
            }
            guard outcomes.count == 1, let image = removedImages?.first else { return }
            (removedImage, removedImages) = (image, nil)
        }
    }
}

extension ImageReference {
    /// What a removal took off: the name with its tag, or the digest as it was given.
    fileprivate var removedName: String { digest == nil ? tagged : description }
}
