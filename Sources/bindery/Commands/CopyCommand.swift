import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Printable
import Proofs
import Release

struct CopyCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copies an image from one place to another, with its digest.",
        discussion: """
            A bare reference is the store's. Every blob is checked as it is copied. A release, name@version, goes to a \
            registry or a layout as an OCI artifact, which oras pulls. What refers to the image or the release, such as \
            its signatures and attestations, goes with it to a registry and a layout.

            Examples:
              bindery copy agent:2.0.0 oci:out:2.0.0
              bindery copy oci-archive:agent.oci docker-archive:agent.tar
              bindery copy agent:2.0.0 docker://registry.example/agent:2.0.0
              bindery copy docker://debian:12 oci:debian
              bindery copy agent:2.0.0 docker-archive:- | docker load
              bindery copy agent@2.0.0 docker://registry.example/releases/agent:2.0.0
            """
    )

    @Argument(
        help: "Where the image is: a reference of the store, or transport:place; or a release, name@version.",
        completion: Completions.sources
    )
    var source: String

    @Argument(
        help:
            "Where it goes: a reference of the store, oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker-daemon:REF, docker://REF. The file - is standard output.",
        completion: Completions.destinations
    )
    var destination: String

    @Option(
        help: "Copy the image for this platform alone: its manifest stands for the image then.",
        completion: Completions.platforms,
        transform: Arguments.imagePlatform
    )
    var platform: Platform?

    @Flag(help: "Copy an image to a registry though it was made of drafts that aren't sealed.")
    var draft = false

    @Flag(help: "Hash every stored blob, also those that were hashed in the last day and whose files haven't changed.")
    var verify = false

    @OptionGroup var referrers: ReferrerOption

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let from = try ImageLocation(parsing: source)
        if verify {
            guard case .store = from else {
                throw UsageError(
                    description: "--verify has no effect: \(source) isn't in the store, and is hashed on its way"
                )
            }
        }
        let to = try ImageLocation(parsing: destination)
        if case .store(let name) = to, let remark = ImageLocation.remark(on: name) {
            Output.warning("\(name) is taken for the name of an image in the store; \(message: remark)")
        }
        try Output.give(to, reading: [source], json: options.json, store: options.path)
        if case .store(let name) = from, let release = try? ReleaseKey(parsing: name) {
            guard platform == nil else {
                throw UsageError(description: "--platform is for images: the release \(release) is copied whole")
            }
            return try copy(release, to: to)
        }
        let registries = registry.access
        let reference: ImageReference? =
            if case .store(let name) = from { try ImageReference(parsing: name) } else { nil }
        let image: any ImageSource
        if let reference {
            let store = try options.open(for: .recording, rehashing: verify)
            _ = try store.existingImage(reference)
            image = try StoreSource(store: store, reference: reference)
        } else {
            image = try ImageSources.open(from, registries: registries)
            if case .store = to, try image.root().isRelease() {
                throw UsageError(description: "\(source) is a release: `bindery import` takes it into the store")
            }
        }
        // Before anything is made at the destination.
        let chosen = try chosen(image)
        try checkDrafts(chosen, to: to)
        let opened: any ImageDestination
        var moved: MovedTags?
        if case .store(let name) = to {
            let (store, reference) = (try options.open(create: true), try ImageReference(parsing: name))
            moved = try MovedTags([reference], in: store)
            opened = try StoreDestination(store: store, references: [reference])
        } else {
            opened = try ImageDestinations.open(to, reference: reference, registries: registries)
        }
        let root = try Self.run(from: chosen, to: opened, referrers, json: options.json, names: [destination])
        moved?.tell(now: root.digest)
    }

    private func checkDrafts(_ image: any ImageSource, to location: ImageLocation) throws {
        guard case .registry = location else {
            if draft { Output.warning("--draft has no effect: it is for registries") }
            return
        }
        guard !draft else { return }
        let store = try Store.isThere(at: options.path) ? options.openForReading() : nil
        try DraftUse.check(image, named: source, in: store, remedy: ", or give --draft to copy it all the same.")
    }

    private func chosen(_ image: any ImageSource) throws -> any ImageSource {
        guard let platform else { return image }
        return try PlatformSource(image, platform: platform)
    }

    // The artifact of docs/bundle-format.md, which oras pulls.
    private func copy(_ release: ReleaseKey, to location: ImageLocation) throws {
        switch location {
        case .layout, .layoutArchive, .registry: break
        case .dockerArchive, .dockerDaemon, .containersStorage, .directory, .rootFileSystem, .container, .store:
            throw UsageError(
                description: "\(release) is a release, no image: it goes to docker://REF, oci:DIR or oci-archive:FILE"
            )
        }
        let store = try options.open(for: .recording, rehashing: verify)
        let source = try ReleaseSource(store: store, release: release)
        try RevocationRule.check([release], refusing: nil, in: store)
        let reference = ImageReference(repository: release.name, tag: try Tag(parsing: release.version.text))
        let opened = try ImageDestinations.open(location, reference: reference, registries: registry.access)
        try Self.run(from: source, to: opened, referrers, json: options.json, names: [destination])
    }

    /// Copies, with a bar, and prints the digest and the names; gives the document that stands for the image.
    @discardableResult
    static func run(
        from source: some ImageSource,
        to destination: any ImageDestination,
        _ referrers: ReferrerOption,
        json: Bool,
        names: [String]
    ) throws -> Descriptor {
        let outline = try ImageOutline(of: source)
        let found = referrers.find(for: outline, in: source, to: destination)
        let total = outline.blobs.map(\.size).reduce(0, &+)
        let progress = Progress("copying", total: total)
        defer { progress.finish() }
        let root = try ImageCopy.run(from: source, to: destination, outline: outline, referrers: found) {
            progress.add($0)
        }
        progress.finish()
        if json {
            try Output.json(Shape(digest: root.digest, mediaType: root.mediaType, references: names))
        } else {
            for name in names { Output.line("\(root.digest)  \(name)") }
        }
        return root
    }

    private struct Shape: Encodable {
        let digest: Digest
        let mediaType: String
        let references: [String]
    }
}
