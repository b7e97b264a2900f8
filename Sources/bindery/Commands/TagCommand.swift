import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable

struct TagCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Gives an image of the store a further name, or moves the name to it.",
        discussion: """
            Examples:
              bindery tag agent:2.0.0 agent:stable
              bindery tag agent:2.0.0 registry.example/agent:2.0.0 registry.example/agent:2
              bindery tag quarantine.invalid/agent:2.0.0 agent:2.0.0
            """
    )

    @Argument(help: "The image.", completion: Completions.images, transform: Arguments.image)
    var image: ImageReference

    @Argument(help: "Its names from now on.", transform: Arguments.newImage)
    var names: [ImageReference]

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if names.contains(where: { $0.digest != nil }) { throw ValidationError("a name has no digest") }
        if names.isEmpty { throw ValidationError("give at least one name") }
    }

    func run() throws {
        let store = try options.open()
        let found = try store.existingImage(image)
        let moved = try MovedTags(names, in: store)
        for name in names { try store.tag(found.digest, as: name) }
        // Whoever names what a server holds lets it go.
        if HeldName.isHeld(image.tagged), image.digest == nil, !names.contains(image) {
            _ = try store.removeImage(image)
        }
        moved.tell(now: found.digest)
        if options.json { return try Output.json(["digest": "\(found.digest)"]) }
        for name in names { Output.line("\(found.digest)  \(name.tagged)") }
    }
}
