import Archive
import ArtifactStore
import ContentAddress
import OCI
import Release

/// Puts configs, manifests and the index together: a pure function of the stages' states and the layers' digests.
struct ImageAssembly {
    /// A longer recipe is named by its digest: registries bound the size of manifests.
    static let longestRecipe = 4096

    let plan: ContextPlan
    let options: ImageBuilder.Options
    let layers: [Digest: DerivedLayer]
    private var parts: [BuiltImage.Part] = []
    private var documents: [BuiltImage.Document] = []
    private var artifacts: Set<Digest> = []
    private var bases: [BaseMark] = []
    private var hasTriggers = false

    init(plan: ContextPlan, options: ImageBuilder.Options, layers: [Digest: DerivedLayer]) {
        self.plan = plan
        self.options = options
        self.layers = layers
    }

    /// Adds a platform's image.
    mutating func add(_ state: StageState, for platform: Platform) {
        hasTriggers = hasTriggers || state.hadTriggers
        let built = state.layers.compactMap(layer)
        for case .derived(let plan) in state.layers { artifacts.formUnion(plan.artifacts) }
        let config = BuiltImage.Document(
            MediaType.imageConfig,
            state.members.added(to: config(state, platform, built.map(\.diffID)).json)
        )
        var annotations = options.annotations.manifest
        if state.needsSecondDerivation { annotations[Annotation.derivation] = "\(BaseDerivation.latest)" }
        if let base = state.base {
            annotations[Annotation.baseName] = base.name
            annotations[Annotation.baseDigest] = base.digest.description
            let diffIDs = state.layers.compactMap { layer in
                if case .existing(_, let diffID) = layer { diffID } else { nil }
            }
            bases.append(
                BaseMark(
                    image: base.digest,
                    manifest: base.manifest,
                    diffIDs: diffIDs,
                    reason: "an image is built on it"
                )
            )
        }
        let manifest = BuiltImage.Document(
            MediaType.imageManifest,
            ImageManifest(
                config: config.descriptor,
                layers: built.map(\.descriptor),
                annotations: annotations.isEmpty ? nil : annotations
            ).json
        )
        documents += [config, manifest]
        var descriptor = manifest.descriptor
        descriptor.platform = platform
        if !options.annotations.manifestDescriptor.isEmpty {
            descriptor.annotations = options.annotations.manifestDescriptor
        }
        parts.append(
            BuiltImage.Part(platform: platform, manifest: descriptor, config: config.descriptor, layers: built)
        )
    }

    /// The whole image; statements about a platform's manifest stand behind all platforms, as BuildKit has them.
    func finish(with statements: [Digest: [BuiltImage.Statement]] = [:]) -> BuiltImage {
        let annotations = options.annotations.index
        var members = parts.map(\.manifest)
        var documents = documents
        for part in parts {
            guard let own = statements[part.manifest.digest], !own.isEmpty else { continue }
            let attestation = AttachedStatements(own, about: part.manifest)
            members.append(attestation.descriptor)
            documents += attestation.documents
        }
        let index = BuiltImage.Document(
            MediaType.imageIndex,
            ImageIndex(manifests: members, annotations: annotations.isEmpty ? nil : annotations).json
        )
        return BuiltImage(
            digest: index.digest,
            index: index,
            parts: parts,
            documents: documents + [index],
            artifacts: artifacts,
            bases: bases,
            hasTriggers: hasTriggers,
            memberCount: members.count
        )
    }

    private func layer(_ layer: ImageLayer) -> BuiltImage.Layer? {
        switch layer {
        case .existing(let descriptor, let diffID):
            return BuiltImage.Layer(descriptor: descriptor, diffID: diffID, recipe: nil)
        case .derived(let plan):
            let recipe = plan.recipe
            let bytes = recipe.bytes
            let key = Digest.of(bytes)
            guard let derived = layers[key] else { return nil }
            let text = bytes.count > Self.longestRecipe ? "\(key)" : String(decoding: bytes, as: UTF8.self)
            let descriptor = Descriptor(
                mediaType: plan.compression.mediaType,
                digest: derived.digest,
                size: derived.size,
                annotations: [Annotation.layerRecipe: text]
            )
            return BuiltImage.Layer(descriptor: descriptor, diffID: derived.diffID, recipe: recipe)
        }
    }

    private func config(_ state: StageState, _ platform: Platform, _ diffIDs: [Digest]) -> ImageConfig {
        ImageConfig(
            platform: platform,
            created: Timestamp(milliseconds: options.epoch * 1000).rfc3339,
            author: state.author,
            config: state.execution,
            diffIDs: diffIDs,
            history: state.history
        )
    }
}

extension CompressionRecipe {
    /// The media type of layers that are compressed so.
    var mediaType: String {
        switch self {
        case .none: MediaType.layer
        case .gzip: MediaType.layerGzip
        case .zstd: MediaType.layerZstd
        }
    }
}
