import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

struct ImagesCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Lists the images of the store; `rm` takes one away.",
        discussion: """
            Examples:
              bindery images
              bindery images 'registry.example/*'
              bindery images --json
            """
    )

    @Argument(help: "Only images with a name that follows one of these patterns; * is any text, ? one character.")
    var patterns: [String] = []

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let globs = patterns.map { Glob($0) }
        let images = try options.openForReading().images().filter { image in
            globs.isEmpty || image.references.contains { name in globs.contains { $0.matches(name) } }
        }
        if options.json { return try Output.json(["images": images.map(Shape.init)]) }
        var table = Table(
            [("IMAGE", .path), ("SIZE", .right), ("ADDED", .left), ("DIGEST", .left)],
            leftOut: ["ADDED", "SIZE"]
        )
        for image in images {
            for name in image.references.isEmpty ? ["-"] : image.references {
                table.add(name, ByteCount.text(image.size), image.addedAt, image.digest)
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
