internal import ArgumentParser
internal import ArtifactStore
internal import ContentAddress
internal import OCI

struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Lists the images of the store, or takes one away.",
        discussion: """
            Examples:
              bindery images
              bindery images --json
              bindery images --remove agent:2.0.0-rc.1
            """
    )

    @Option(
        help: ArgumentHelp(
            "Takes a name off an image, or with repository@digest the image away.",
            valueName: "reference"
        ),
        transform: Arguments.image
    )
    var remove: [ImageReference] = []

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.open()
        for reference in remove {
            guard try store.removeImage(reference) else {
                throw StoreError.notFound(
                    what: "the image \(reference)",
                    hint: "`bindery images` lists the images that are."
                )
            }
        }
        guard remove.isEmpty else { return }
        let images = try store.images()
        if options.json { return try Output.json(["images": images.map(Shape.init)]) }
        var table = Table([("IMAGE", .left), ("SIZE", .right), ("ADDED", .left), ("DIGEST", .left)])
        for image in images {
            for name in image.references.isEmpty ? ["-"] : image.references {
                table.add(name, ByteCount.text(image.size), image.addedAt.rfc3339, "\(image.digest)")
            }
        }
        table.print()
    }

    private struct Shape: Encodable {
        let digest: Digest
        let mediaType: String
        let size: Int64
        let addedAt: String
        let references: [String]

        init(_ image: StoredImage) {
            digest = image.digest
            mediaType = image.mediaType
            size = image.size
            addedAt = image.addedAt.rfc3339
            references = image.references
        }
    }
}
