import ArgumentParser
import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

struct ShowCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a release, artifact by artifact, or an image, layer by layer.",
        discussion: """
            Examples:
              bindery show mount-monitor@1.2.3
              bindery show mount-monitor@1.2.3 --platform linux/arm64 --json
              bindery show registry.example/mount-monitor:v1.2.3
            """
    )

    @Argument(
        help: "The release, name@version, or the image, [registry/]repository[:tag][@digest].",
        transform: Arguments.releaseOrImage
    )
    var what: ReleaseOrImage

    @Option(help: "Only this platform's artifact.", transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Option(help: "Only this file of the release.", transform: Arguments.path)
    var file: ReleasePath?

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.openForReading()
        switch what {
        case .release(let release): try show(release, store)
        case .image(let reference):
            let tree = try ImageTree(store.existingImage(reference), in: store)
            if options.json { return try Output.json(tree.shape) }
            tree.print()
        }
    }

    private func show(_ release: ReleaseKey, _ store: Store) throws {
        let all = try store.artifacts(of: release)
        let artifacts = all.choosing(platform: platform, file: file)
        let tombstones = try store.tombstones(of: release).filter { stone in
            (platform == nil || stone.key.platform == platform) && (file == nil || stone.key.file == file)
                && !all.contains { $0.key == stone.key }
        }
        guard !artifacts.isEmpty || !tombstones.isEmpty else {
            throw Store.nothing(of: release, platform: platform, file: file, among: all)
        }
        if options.json {
            return try Output.json(Shape(release, artifacts: artifacts, tombstones: tombstones))
        }
        Output.line(Style.bold("\(release)"))
        for artifact in artifacts { print(artifact) }
        for stone in tombstones {
            Output.line("  \(stone.key.place)  " + Style.yellow("removed") + " \(stone.removedAt.shown)")
            Output.line("    digest   \(stone.digest)")
            Output.line("    by       \(stone.removedBy)")
            if let reason = stone.reason { Output.line("    reason   \(reason)") }
        }
    }

    private func print(_ artifact: Artifact) {
        Output.line("  \(artifact.key.place)")
        Output.line("    digest   \(artifact.digest)")
        Output.line("    size     \(artifact.size) bytes (\(ByteCount.text(artifact.size)))")
        Output.line("    file     \(artifact.fileName), mode \(Mode.text(artifact.mode))")
        Output.line("    put      \(artifact.putAt.shown) by \(artifact.putBy)")
        for (key, value) in artifact.annotations.sorted(by: { $0.key < $1.key }) {
            Output.line("    \(key) = \(value)")
        }
    }

    private struct Shape: Encodable {
        let name: String
        let version: String
        let artifacts: [ArtifactShape]
        let removed: [TombstoneShape]

        init(_ release: ReleaseKey, artifacts: [Artifact], tombstones: [Tombstone]) {
            name = release.name.text
            version = release.version.text
            self.artifacts = artifacts.map(ArtifactShape.init)
            removed = tombstones.map(TombstoneShape.init)
        }
    }
}

extension ArtifactKey {
    /// Which file of its release it is, for people: `linux/amd64`, `any docker/entrypoint.sh`.
    fileprivate var place: String { "\(platform)" + (isProgram ? "" : " \(file)") }
}
