import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Printable

struct IndexCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Joins images that were built one platform at a time into one multi-platform image.",
        discussion: """
            `create` makes the index NAME of the images, or moves NAME to it; `add` adds the images to the index that NAME
            is. The images stay as they are, byte for byte, and so do the annotations of an index that is added to. Two
            images for one platform are refused.

            Examples:
              bindery index create agent:2.0.0 agent:2.0.0-amd64 agent:2.0.0-arm64
              bindery index add agent:2.0.0 agent:2.0.0-armv7
            """
    )

    enum Action: String, CaseIterable, ExpressibleByArgument {
        case create, add
    }

    @Argument(help: "What to do: create or add.")
    var action: Action

    @Argument(help: "The name of the index.", transform: Arguments.newImage)
    var name: ImageReference

    @Argument(help: "Images of the store.", completion: Completions.images, transform: Arguments.image)
    var images: [ImageReference]

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if name.digest != nil { throw ValidationError("a name has no digest") }
        if images.isEmpty { throw ValidationError("give at least one image") }
    }

    func run() throws {
        let store = try options.open()
        for image in images { _ = try store.existingImage(image) }
        if action == .add, !MediaType.isIndex(try store.existingImage(name).mediaType) {
            let all = ([name] + images).map { "\($0)" }.joined(separator: " ")
            throw UsageError(
                description: """
                    \(name) is an image of one platform, and no index that images are added to
                    run `bindery index create \(name) \(all)` to make one
                    """
            )
        }
        let moved = try MovedTags([name], in: store)
        let (root, platforms) = try joined(in: store)
        if action == .create { moved.tell(now: root.digest) }
        if options.json {
            return try Output.json(
                Shape(
                    digest: root.digest,
                    mediaType: root.mediaType,
                    references: [name.tagged],
                    platforms: platforms.map(\.description)
                )
            )
        }
        Output.line("\(root.digest)  \(name.tagged)")
    }

    private func joined(in store: Store) throws -> (root: Descriptor, platforms: [Platform]) {
        do {
            return try StoreSource.join(images, as: name, addedTo: action == .add ? name : nil, in: store)
        } catch let conflict as JoinedIndex.Conflict {
            throw UsageError(description: "\(conflict)")
        }
    }

    private struct Shape: Encodable {
        let digest: Digest
        let mediaType: String
        let references: [String]
        let platforms: [String]
    }
}
