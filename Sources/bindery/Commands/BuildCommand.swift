import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import ImageAssembler
import ImageTransport
import OCI
import Printable
import Proofs
import Release

struct BuildCommand: ProjectCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Builds the image itself, for all platforms, with no daemon: the same bits on any machine.",
        discussion: """
            The Dockerfile's instructions that place released files or set metadata are carried out, and so is a RUN that
            only makes or changes files (docs/run.md); what runs a program or fetches something is refused. The image goes
            into the store, and with --output elsewhere, too. Same releases, same Dockerfile, same arguments: same digest.

            Examples:
              bindery build mount-monitor@1.2.3 -f Dockerfile.release -t registry.example/mount-monitor:v1.2.3
              bindery build agent@2.0.0 -t agent:2.0.0 -o oci:out:2.0.0 -o docker-archive:agent.tar
              bindery build agent@2.0.0 -t agent:2.0.0 -o oci-archive:agent.oci --compression zstd
              bindery build agent@2.0.0 -t registry.example/agent:2.0.0 --push
              bindery build agent@2.0.0 -t agent:2.0.0 -o docker-archive:- | docker load
              bindery build agent@2.0.0 --check docker-archive:agent.tar
              bindery build agent@2.1.0 -t agent:try --draft
            """
    )

    @OptionGroup var build: BuildOptionGroup

    @Option(
        name: .shortAndLong,
        help: "What the image is called, [registry/]repository[:tag]; repeatable.",
        completion: Completions.images,
        transform: Arguments.newImage
    )
    var tag: [ImageReference] = []

    @Flag(
        help:
            "Move the tag 'latest', too, and with --push the registry's, unless the release is a pre-release or older than what has it."
    )
    var tagLatest = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the image there: oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker-daemon:REF, docker://REF; repeatable. The file - is standard output.",
            valueName: "transport:place"
        ),
        completion: Completions.destinations
    )
    var output: [String] = []

    @Flag(help: "Push the image to the registry of each --tag, as -o docker://REF does.")
    var push = false

    @Option(
        help: ArgumentHelp(
            "An annotation, [index:|manifest:|manifest-descriptor:]key=value; repeatable.",
            valueName: "annotation"
        )
    )
    var annotation: [String] = []

    @Option(
        help: ArgumentHelp(
            "Annotate the index and the manifests with what the files of this release were put with; repeatable.",
            valueName: "name@version"
        ),
        completion: Completions.releases,
        transform: Arguments.release
    )
    var annotateFrom: [ReleaseKey] = []

    @Option(
        help: "How layers are compressed: gzip, zstd or none.",
        completion: .list(["gzip", "zstd", "none"])
    )
    var compression = "gzip"

    @Option(help: "The compressor's level: 1 to 12 for gzip (2), 1 to 19 for zstd (3).")
    var compressionLevel: Int?

    @Option(help: "The time of everything in the image, in seconds since 1970; SOURCE_DATE_EPOCH by default, else 0.")
    var epoch: Int64?

    @Option(
        help: ArgumentHelp(
            "Derive the image again, write nothing, and compare it with this one, digest by digest: status 1 if it differs.",
            valueName: "image"
        ),
        completion: Completions.images
    )
    var check: String?

    @Option(
        help: ArgumentHelp(
            """
            Derive by the rules of this number, 1 or 2 (docs/derivation.md); 2 by default, and with --check what the image \
            says.
            """,
            valueName: "number"
        )
    )
    var derivation: Int?

    @Flag(help: "Hash every stored blob, also those that were hashed in the last day and whose files haven't changed.")
    var verify = false

    @Flag(
        help:
            "Sign SLSA provenance and the containment statement (docs/trust.md); with $BINDERY_BUILDER_KEY that is done anyway."
    )
    var attest = false

    @Flag(
        name: .customLong("attest-docker"),
        help: """
            Write unsigned provenance and bills of materials into the index, as BuildKit does; --attest docker is the same.
            """
    )
    var attestDocker = false

    @Option(
        help: ArgumentHelp(
            "Who builds, in the provenance: a URI; $BINDERY_BUILDER_ID or \(BuildCommand.localBuilder) by default.",
            valueName: "uri"
        )
    )
    var builderID: String?

    @OptionGroup var signing: SigningOptionGroup

    @OptionGroup var referrers: ReferrerOption

    @OptionGroup var registry: RegistryOptionGroup

    @OptionGroup var options: StoreOptionGroup

    static let localBuilder = "https://bindery.dev/builders/local"

    /// `--attest docker` as the flag that it stands for: `--attest` alone takes no value.
    static func spelledOut(_ words: [String]) -> [String] {
        guard words.first == configuration.commandName else { return words }
        var spelled: [String] = []
        for word in words {
            switch (spelled.last, word) {
            case ("--attest"?, "docker"): spelled[spelled.count - 1] = "--attest-docker"
            case (_, "--attest=docker"): spelled.append("--attest-docker")
            default: spelled.append(word)
            }
        }
        return spelled
    }

    func validate() throws {
        try Complaints.check { complaints in
            complaints.require(!build.releases.isEmpty, "give at least one release, name@version")
            complaints.require(
                epoch.map { (0...BuildOptionGroup.maximumEpoch).contains($0) } ?? true,
                "--epoch is seconds since 1970, up to the year 9999"
            )
            complaints.require(
                derivation.map { (1...2).contains($0) } ?? true,
                "--derivation \(derivation ?? 0): 1 or 2 is expected"
            )
            complaints.require(
                tag.allSatisfy { $0.digest == nil },
                "--tag has a digest: what is built gets its own"
            )
            complaints.require(!tagLatest || !tag.isEmpty, "--tag-latest has no effect without --tag")
            let others = (try? LatestTag.references(for: tag)) ?? []
            complaints.require(
                !tagLatest || tag.isEmpty || !others.isEmpty,
                "--tag-latest has no effect: --tag names 'latest'"
            )
            complaints.require(
                compression != "none" || compressionLevel == nil,
                "--compression-level has no effect with --compression none"
            )
            complaints.require(
                check == nil || tag.isEmpty && output.isEmpty && !tagLatest,
                "--check writes nothing: --tag, --tag-latest and --output have no effect with it"
            )
            complaints.require(
                !referrers.noReferrers || !output.isEmpty || push,
                "--no-referrers has no effect without --output or --push"
            )
            complaints.require(check == nil || !attest, "--check writes nothing: --attest has no effect with it")
            complaints.require(
                !build.draft || !attest && !attestDocker,
                "--attest signs what is released: leave it out with --draft, and build the sealed release"
            )
            complaints.require(builderID.map(URIText.isURI) ?? true, "--builder-id '\(builderID ?? "")' is not a URI")
        }
        guard push else { return }
        if check != nil { throw ValidationError("--push has nothing to push with --check, which only compares") }
        if tag.isEmpty { throw ValidationError("--push needs --tag, which names the registry") }
        if let reference = tag.first(where: { $0.registry == nil }) {
            let hub = reference.repository.text.contains("/") ? "docker.io" : "docker.io/library"
            throw ValidationError(
                "--push needs a registry in each --tag, and '\(reference)' names none: write \(hub)/\(reference) for Docker Hub"
            )
        }
    }

    func run() throws {
        // Nothing is signed about what isn't released.
        let signer = check == nil && !build.draft ? try attestationSigner() : nil
        var settings = ImageBuilder.Options()
        settings.epoch = try epoch ?? BuildOptionGroup.epoch()
        settings.compression = try compressionRecipe()
        settings.references = tag
        if let derivation { settings.derivation = derivation }
        var places = try output.map { Place(text: $0, location: try ImageLocation(parsing: $0)) }
        if push { places += tag.map(Place.init(pushing:)) }
        for place in places { try ImageDestinations.check(place.location) }
        let inputs = [build.file, signing.key, signing.passphraseFile, signing.signerKey, check].compactMap(\.self)
        try Output.give(places.map(\.location), reading: inputs, json: options.json, store: options.path)
        let store = try options.open(for: check == nil ? .writing : .recording, rehashing: verify)
        try signer?.checkRole(.builder, of: build.releases.map(\.name), in: store, warn: Output.warning)
        settings.buildArguments = try build.buildArguments(in: store)
        settings.annotations = try annotations(in: store)
        let plan = try build.plan(in: store, carriesOutRun: true)
        for warning in plan.warnings { Output.warning("\(build.file), \(warning)") }
        if let check { return try compare(plan, settings, with: check, store) }
        settings.stating = try stating(plan, settings, store)
        if tagLatest {
            let latest = try latestReferences(store)
            settings.references += latest
            if push { places += latest.map(Place.init(pushing:)) }
        }
        let moved = try MovedTags(settings.references, in: store)
        let progress = Progress("compressing", total: nil)
        progress.watch(&settings)
        let image = try ImageBuilder(store: store).build(plan, path: build.file, options: settings)
        progress.finish()
        build.warnOfUnused(plan, image, settings.buildArguments)
        moved.tell(now: image.digest)
        let attested = try signer.map {
            try attestations(by: $0, in: store).add(to: image.digest, request(plan, settings))
        }
        try write(image, to: places, store)
        if options.json {
            var shape = ImageShape(image, references: settings.references)
            shape.attested = attested
            return try Output.json(shape)
        }
        printTable(image)
        for reference in settings.references { Output.line("\(image.digest)  \(reference.tagged)") }
        if settings.references.isEmpty { Output.line("\(image.digest)") }
    }

    private func printTable(_ image: BuiltImage) {
        var table = Table([("PLATFORM", .left), ("LAYERS", .right), ("SIZE", .right), ("MANIFEST", .left)])
        for part in image.parts {
            table.add(
                "\(part.platform)",
                "\(part.layers.count)",
                ByteCount.text(part.layers.map(\.descriptor.size).reduce(0, &+)),
                part.manifest.digest
            )
        }
        table.print()
    }
}
