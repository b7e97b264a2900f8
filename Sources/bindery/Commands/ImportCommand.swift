import ArgumentParser
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Printable
import Proofs
import Release
import Shapes

struct ImportCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes a bundle of releases and images into the store, or one image under a name.",
        discussion: """
            Without --tag the place is a bundle, such as `bindery export` writes: all of it comes in, or with \
            :PART behind the place that part; or it is a release in a registry, such as `bindery copy` puts there. \
            Nothing changes when it is there already; an interrupted one continues \
            where it was. A release that is here with other bytes is a conflict (status 5), and nothing comes in. \
            --dry-run prints what would come, and changes nothing.

            Statements, marks and proofs of the log that the bundle carries are verified first: by the keys that this store \
            trusts they count, and a release in the scope of such a key must be signed. --allow-unsigned takes it all the \
            same, which the log says; --no-proofs looks at none.

            With --tag it is one image, as a base for FROM or to keep, by any builder; its documents stay as they are, \
            byte for byte. Every blob is hashed, every document read. --as-base marks it as an image that others are built \
            on, after an audit: what stands in its layers then is the base's in every audit. With --as-base the place may \
            be an image of the store.

            Examples:
              bindery import oci-archive:mount-monitor.bundle
              bindery import oci:/media/disk/bundle:mount-monitor@1.2.3
              bindery import docker://registry.example/releases/mount-monitor:1.2.3
              bindery import oci-archive:mount-monitor.bundle --dry-run
              bindery import oci:debian:12 -t debian:12 --as-base
              bindery import docker-daemon:busybox:1.36 -t busybox:1.36
              bindery import docker://debian:12 -t debian:12
            """
    )

    @Argument(
        help:
            "oci:DIR[:TAG], oci-archive:FILE, docker://REF; with --tag also docker-archive:FILE, docker-daemon:REF, dir:DIR.",
        completion: Completions.sources
    )
    var source: String

    @Option(
        name: .shortAndLong,
        help: "What one image is called in the store; repeatable.",
        completion: Completions.images,
        transform: Arguments.newImage
    )
    var tag: [ImageReference] = []

    @Option(
        help: "With --tag, take the image for this platform alone: its manifest stands for the image then.",
        completion: Completions.platforms,
        transform: Arguments.imagePlatform
    )
    var platform: Platform?

    @Flag(help: "Mark the image as one that others are built on.")
    var asBase = false

    @Flag(help: "Take releases that no trusted key has signed, though one covers their name.")
    var allowUnsigned = false

    @Flag(help: "Ignore what the bundle proves about its parts.")
    var noProofs = false

    @Option(
        help: ArgumentHelp(
            "The logs and witnesses whose signatures count (C2SP tlog-policy), in the place of trusted keys of the role log.",
            valueName: "file"
        ),
        completion: .file()
    )
    var logPolicy: String?

    @Option(
        help: ArgumentHelp(
            "Take a log that goes on from another one of its key, by its fingerprint; repeatable.",
            valueName: "digest"
        ),
        transform: Self.fingerprint
    )
    var acceptOrigin: [Digest] = []

    @Flag(help: "Print what a bundle or release would bring, and change nothing.")
    var dryRun = false

    @OptionGroup var referrers: ReferrerOption

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        if dryRun, asBase || !tag.isEmpty {
            throw ValidationError("--dry-run is for bundles and releases, without --tag")
        }
        if allowUnsigned || noProofs, !tag.isEmpty {
            throw ValidationError("--allow-unsigned and --no-proofs are for bundles and releases, without --tag")
        }
        if logPolicy != nil || !acceptOrigin.isEmpty, noProofs || dryRun || !tag.isEmpty {
            throw ValidationError(
                "--log-policy and --accept-origin are for bundles with their proofs, without --dry-run"
            )
        }
        if logPolicy != nil, !acceptOrigin.isEmpty {
            throw ValidationError("--log-policy lists the logs: --accept-origin has no effect with it")
        }
        if platform != nil, tag.isEmpty {
            throw ValidationError("--platform goes with --tag: bundles and releases come whole")
        }
        guard asBase, tag.isEmpty, let location = try? ImageLocation(parsing: source) else { return }
        if case .store = location { return }
        throw ValidationError("--as-base goes with --tag, or with an image of the store")
    }

    func run() throws {
        let location = try ImageLocation(parsing: source)
        if asBase, tag.isEmpty, case .store(let name) = location {
            let store = try options.open()
            let reference = try ImageReference(parsing: name)
            let image = try store.existingImage(reference)
            try BaseImport(store: store).mark(image.digest, name: name)
            if options.json { return try Output.json(["digest": "\(image.digest)"]) }
            return Output.line("\(image.digest)  \(name)")
        }
        guard tag.isEmpty else { return try importImage(location) }
        switch location {
        case .layout, .layoutArchive: try take(BundleSource(location))
        case .registry:
            let opened = try ImageSources.open(location, registries: registry.access)
            guard let release = try BundleSource(release: opened) else {
                throw UsageError(
                    description: "\(source) is an image, not a release: give --tag, by which FROM finds it"
                )
            }
            try take(release)
        case .store(let name):
            throw UsageError(
                description: ImageLocation.remark(on: name)
                    ?? "'\(name)' names no transport: a bundle is oci:DIR or oci-archive:FILE, a release docker://REF"
            )
        case .dockerArchive, .dockerDaemon, .containersStorage, .directory, .rootFileSystem, .container:
            throw UsageError(
                description:
                    "give --tag, by which FROM finds the image: a bundle is oci:DIR or oci-archive:FILE, a release docker://REF"
            )
        }
    }

    private func importImage(_ location: ImageLocation) throws {
        let store = try options.open(create: true)
        let source = try ImageSources.open(location, registries: registry.access)
        if try source.root().isRelease() {
            throw UsageError(description: "\(self.source) is a release: import it without --tag")
        }
        let moved = try MovedTags(tag, in: store)
        let destination = try StoreDestination(store: store, references: tag)
        let chosen: any ImageSource = if let platform { try PlatformSource(source, platform: platform) } else { source }
        let root = try CopyCommand.run(
            from: chosen,
            to: destination,
            referrers,
            json: options.json,
            names: tag.map(\.tagged)
        )
        moved.tell(now: root.digest)
        if asBase { try BaseImport(store: store).mark(root.digest, name: tag[0].tagged) }
    }

    private func take(_ source: BundleSource) throws {
        let bundle = try BundleImport(source, referrers: !referrers.noReferrers)
        for line in bundle.leftOut { Output.warning("left behind: \(message: line)") }
        if dryRun {
            let store = try existingStore()
            try bundle.checkBase(in: store)
            let preview = try bundle.preview(in: store)
            try print(preview)
            for image in preview.images {
                try store.map { try MovedTags(image.record.references, in: $0) }?
                    .tell(now: image.record.digest, isDryRun: true)
            }
            return
        }
        let progress = Progress("importing", total: bundle.size)
        defer { progress.finish() }
        let store = try options.open(create: true)
        // Before it is asked what the store would take.
        if let obstacle = store.obstacle { throw obstacle }
        try bundle.checkBase(in: store)
        let trust = BundleTrust(
            allowsUnsigned: allowUnsigned,
            looksAtProofs: !noProofs,
            policy: try LogWitness.policy(at: logPolicy),
            acceptedOrigins: Set(acceptOrigin)
        )
        let moved = try bundle.preview(in: store).images.map { image in
            (tags: try MovedTags(image.record.references, in: store), digest: image.record.digest)
        }
        let proofs = try trust.proofs(of: bundle, in: store) { Output.warning($0) }
        let result = try bundle.run(into: store, proofs: proofs) { progress.add($0) }
        progress.finish()
        for image in moved { image.tags.tell(now: image.digest) }
        for artifact in result.artifacts {
            artifact.noteDifferences()
            artifact.noteUnreadMembers()
        }
        if options.json { return try Output.json(Shape(result)) }
        for result in result.artifacts {
            let remark = result.isNew ? "" : "  (was there)"
            Output.line(
                "\(result.artifact.digest)  \(ByteCount.text(result.artifact.size))  \(result.artifact.key)\(remark)"
            )
        }
        for image in result.images {
            let remark = image.isNew ? "" : "  (was there)"
            for name in image.record.references { Output.line("\(image.record.digest)  \(name.tagged)\(remark)") }
        }
    }

    @Sendable private static func fingerprint(_ text: String) throws -> Digest {
        do { return try Digest(parsing: text) } catch {
            throw ValidationError(
                "'\(text)' is not a log's fingerprint: sha256:… is expected, as the refusal prints it"
            )
        }
    }

    // A store that isn't there is one without anything in it.
    private func existingStore() throws -> Store? {
        do {
            return try options.openForReading()
        } catch .noStore {
            return nil
        }
    }

    private func print(_ preview: ImportPreview) throws {
        if options.json { return try Output.json(PreviewShape(preview)) }
        for file in preview.files {
            let remark = file.isNew ? "" : "  (is there)"
            let artifact = file.artifact
            Output.line("\(artifact.digest)  \(ByteCount.text(artifact.size))  \(artifact.key)\(remark)")
        }
        for image in preview.images {
            let remark = image.isNew ? "" : "  (is there)"
            for name in image.record.references { Output.line("\(image.record.digest)  \(name.tagged)\(remark)") }
        }
    }

    private struct PreviewShape: Encodable {
        struct File: Encodable {
            let name: String
            let version: String
            let platform: String
            let file: String
            let digest: Digest
            let size: Int64
            let new: Bool
        }

        let files: [File]
        let images: [ImportedImage]

        init(_ preview: ImportPreview) {
            files = preview.files.map { file in
                let key = file.artifact.key
                return File(
                    name: key.name.text,
                    version: key.version.text,
                    platform: "\(key.platform)",
                    file: key.file.text,
                    digest: file.artifact.digest,
                    size: file.artifact.size,
                    new: file.isNew
                )
            }
            images = preview.images.map { ImportedImage($0.record, isNew: $0.isNew) }
        }
    }

    private struct ImportedImage: Encodable {
        let digest: Digest
        let mediaType: String
        let references: [String]
        let new: Bool

        init(_ record: ImageRecord, isNew: Bool) {
            digest = record.digest
            mediaType = record.mediaType
            references = record.references.map(\.tagged)
            new = isNew
        }
    }

    private struct Shape: Encodable {
        struct Released: Encodable {
            let artifact: ArtifactShape
            let new: Bool
        }

        let artifacts: [Released]
        let images: [ImportedImage]
        let blobsCopied: Int
        let blobsPresent: Int

        init(_ result: ImportResult) {
            artifacts = result.artifacts.map { Released(artifact: ArtifactShape($0.artifact), new: $0.isNew) }
            images = result.images.map { ImportedImage($0.record, isNew: $0.isNew) }
            blobsCopied = result.blobsCopied
            blobsPresent = result.blobsPresent
        }
    }
}
