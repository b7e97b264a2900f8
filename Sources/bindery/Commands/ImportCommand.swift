internal import ArgumentParser
internal import ArtifactStore
internal import ContentAddress
internal import ImageTransport
internal import OCI

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Brings an image into the store, as a base for FROM or to keep.",
        discussion: """
            Every blob is hashed, every document read; documents of foreign builders stay as they are, byte for byte.

            Examples:
              bindery import oci:debian:12 -t debian:12
              bindery import docker-archive:base.tar -t registry.example/base:1
              bindery import docker-daemon:busybox:1.36 -t busybox:1.36
            """
    )

    @Argument(help: "The image: oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker-daemon:REF, dir:DIR.")
    var image: String

    @Option(name: .shortAndLong, help: "What it is called in the store; repeatable.", transform: Arguments.image)
    var tag: [ImageReference] = []

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if tag.isEmpty { throw ValidationError("give --tag: FROM finds the image by it") }
    }

    func run() throws {
        let location = try ImageLocation(parsing: image)
        let store = try options.open(create: true)
        let source = try ImageSources.open(location)
        let destination = try StoreDestination(store: store, references: tag)
        try CopyCommand.run(from: source, to: destination, json: options.json, names: tag.map(\.normalized))
    }
}
