import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Printable
import Proofs
import Release
import Shapes

struct ShowCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a release, artifact by artifact, or an image, layer by layer.",
        discussion: """
            A digest, or 7 of its digits, stands for an image, or for the files of releases with these bytes; an image's name
            goes before it.

            Examples:
              bindery show mount-monitor@1.2.3
              bindery show mount-monitor@1.2.3 --platform linux/arm64 --json
              bindery show registry.example/mount-monitor:v1.2.3
              bindery show 2c26b46b68ff
            """
    )

    @Argument(
        help: "The release, name@version, the image, [registry/]repository[:tag][@digest], or a digest.",
        completion: Completions.releasesAndImages,
        transform: Arguments.releaseOrImage
    )
    var what: ReleaseOrImage

    @Option(help: "Only this platform's artifact.", completion: Completions.platforms, transform: Arguments.platform)
    var platform: ArtifactPlatform?

    @Option(help: "Only this file of the release.", transform: Arguments.path)
    var file: ReleasePath?

    @Flag(help: "Show the draft of the release.")
    var draft = false

    @OptionGroup var options: StoreOptionGroup

    func run() throws {
        let store = try options.openForReading()
        switch what {
        case .release(let release): try show(release, store)
        case .image(let reference):
            if try store.image(reference) == nil, let digest = try store.digest(named: "\(reference)") {
                try show(digest, store)
            } else {
                try show(store.existingImage(reference), store)
            }
        }
    }

    private func show(_ image: StoredImage, _ store: Store) throws {
        for (option, isGiven) in [("--platform", platform != nil), ("--file", file != nil), ("--draft", draft)]
        where isGiven {
            Output.warning("\(option) has no effect: an image is shown whole")
        }
        let tree = try ImageTree(image, in: store)
        if options.json { return try Output.json(tree.shape) }
        tree.print()
    }

    // What a digest is of: an image, or files of releases, removed ones too.
    private func show(_ digest: Digest, _ store: Store) throws {
        if let image = try store.image(ImageReference(repository: RepositoryName(parsing: "image"), digest: digest)) {
            return try show(image, store)
        }
        let artifacts = try store.artifacts(with: digest).filter { artifact in
            (platform == nil || artifact.key.platform == platform) && (file == nil || artifact.key.file == file)
        }
        let tombstones = try store.withdrawn([digest])[digest] ?? []
        let revocations = try store.revocations(of: .bytes(digest))
        guard !artifacts.isEmpty || !tombstones.isEmpty || !revocations.isEmpty else {
            throw StoreError.notFound(
                what: "an image or a file of a release with \(digest.description)",
                hint: "`bindery where \(digest.description)` says which images hold it."
            )
        }
        if options.json {
            return try Output.json(
                DigestShape(
                    digest: digest,
                    artifacts: artifacts.map(ArtifactShape.init),
                    removed: tombstones.map(TombstoneShape.init),
                    revocations: revocations.map(RevocationShape.init)
                )
            )
        }
        for (release, artifacts) in Dictionary(grouping: artifacts, by: \.key.release).sorted(by: {
            "\($0.key)" < "\($1.key)"
        }) {
            Output.line(Style.bold("\(release)"))
            for artifact in artifacts { print(artifact) }
        }
        for stone in tombstones { Output.line(Style.yellow("it is ") + stone.summary) }
        for mark in revocations { Output.line(Style.yellow("it is ") + mark.words) }
        let marks = try store.revocationMarks()
        for release in Set(artifacts.map(\.key.release)).inOrder() {
            if let mark = marks[release] { Output.line(Style.yellow("\(release) is ") + mark.words) }
        }
    }

    private struct DigestShape: Encodable {
        let digest: Digest
        let artifacts: [ArtifactShape]
        let removed: [TombstoneShape]
        let revocations: [RevocationShape]
    }

    private func show(_ release: ReleaseKey, _ store: Store) throws {
        let all = try store.artifacts(of: release, orDraft: draft)
        let artifacts = all.choosing(platform: platform, file: file)
        let tombstones = try store.tombstones(of: release).filter { stone in
            (platform == nil || stone.key.platform == platform) && (file == nil || stone.key.file == file)
                && !all.contains { $0.key == stone.key }
        }
        guard !artifacts.isEmpty || !tombstones.isEmpty else {
            throw store.nothing(of: release, platform: platform, file: file, among: all)
        }
        let revocations = try store.revocations(of: .release(release))
        let documents = try artifacts.map { try CheckedProvenance.all(of: $0.digest, release.name, in: store) }
        if options.json {
            var known: Set<Digest> = []
            let shapes = documents.joined().filter { known.insert($0.0.digest).inserted }.map {
                ProvenanceShape($0, $1)
            }
            return try Output.json(
                Shape(
                    release: ReleaseDetailShape(
                        release,
                        artifacts: artifacts,
                        tombstones: tombstones,
                        revocations: revocations
                    ),
                    provenance: shapes.isEmpty ? nil : shapes
                )
            )
        }
        Output.line(Style.bold("\(release)"))
        for mark in revocations { Output.line("  " + Style.yellow(mark.words)) }
        let marks = try store.revocationMarks()
        for artifact in artifacts {
            guard let mark = marks[artifact.digest] else { continue }
            Output.line("  \(artifact.key.place) is " + Style.yellow(mark.words))
        }
        for (artifact, documents) in zip(artifacts, documents) {
            print(artifact)
            for (stored, checked) in documents {
                let builder = checked.provenance.builder.map { " of \($0)" } ?? ""
                Output.line("    attested \(stored.predicateType)\(builder), \(checked.words)")
            }
        }
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
        Output.line("    file     \(artifact.fileName), mode \(FileMode.text(artifact.mode))")
        Output.line("    put      \(artifact.putAt.shown) by \(artifact.putBy)")
        for (key, value) in artifact.annotations.sorted(by: { $0.key < $1.key }) {
            Output.line("    \(key) = \(value)")
        }
    }

    private struct Shape: Encodable {
        let release: ReleaseDetailShape
        let provenance: [ProvenanceShape]?

        private enum CodingKeys: CodingKey {
            case provenance
        }

        func encode(to encoder: any Encoder) throws {
            try release.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(provenance, forKey: .provenance)
        }
    }
}

extension ArtifactKey {
    /// Which file of its release it is, for people: `linux/amd64`, `any docker/entrypoint.sh`.
    fileprivate var place: String { "\(platform)" + (isProgram ? "" : " \(file)") }
}
