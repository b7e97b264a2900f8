package import Archive
package import ArtifactStore
import ContentAddress
package import OCI
import Release
import SystemIO

/// Builds images from released files and a Dockerfile, with no daemon: into the store, and the same on any machine.
package struct ImageBuilder: Sendable {
    /// What an image depends on beside the plan.
    package struct Options: Sendable {
        /// Values for `ARG`.
        package var buildArguments: BuildArguments = [:]
        /// The time of everything in the image, in seconds since 1970.
        package var epoch: Int64 = 0
        /// How layers are compressed.
        package var compression = CompressionRecipe.standard
        /// By which derivation's rules (docs/derivation.md): 1, or 2, which says so in the manifests that it makes others.
        package var derivation = 2
        /// Annotations of the index, the manifests, and the index's descriptors of them.
        package var annotations = ImageAnnotations()
        /// What the image is called in the store.
        package var references: [ImageReference] = []

        /// Makes unsigned statements about the image, which stand in its index; nil for none.
        package var stating: BuiltImage.Stating?

        /// Told how many bytes the layers that must be made have before compression.
        package var begins: @Sendable (Int64) -> Void = { _ in }
        /// Told of the bytes that went into layers since it was told last; from several threads.
        package var passed: @Sendable (Int64) -> Void = { _ in }

        /// The usual: time 0, no annotations.
        package init() {}
    }

    let store: Store

    /// A builder that reads and writes a store.
    package init(store: Store) {
        self.store = store
    }

    /// Builds the image of a plan for all its platforms, and records it in the store.
    ///
    /// Layers that were derived before are taken from the store. Throws ``AssemblerError/plan(path:_:)`` for what can't
    /// be built, with nothing written.
    package func build(_ plan: ContextPlan, path: String, options: Options) throws(AssemblerError) -> BuiltImage {
        let (image, batch, layers, texts) = try assemble(plan, path: path, options: options, isFresh: false)
        do throws(StoreError) {
            var record = ImageRecord(
                digest: image.digest,
                mediaType: MediaType.imageIndex,
                blobs: image.blobs,
                artifacts: image.artifacts,
                references: options.references
            )
            // A base with released files of ours is evaluated like the image itself.
            for base in image.bases where try store.releases(in: base.image).isEmpty { record.bases.append(base) }
            guard try !store.stands(record, layers: layers) else { return image }
            for document in image.documents { _ = try batch.add(document.bytes) }
            // The image reaches them by its layers' recipes: with them, each layer can be derived again.
            for text in texts + image.longRecipes { record.blobs.insert(try batch.add(text)) }
            try store.commit(batch, image: record, layers: layers)
        } catch {
            throw .store(error)
        }
        return image
    }

    /// Derives the image of a plan again from the artifacts, and records nothing: no layer that was made before is taken.
    package func derive(_ plan: ContextPlan, path: String, options: Options) throws(AssemblerError) -> BuiltImage {
        try assemble(plan, path: path, options: options, isFresh: true).image
    }

    func assemble(
        _ plan: ContextPlan,
        path: String,
        options: Options,
        isFresh: Bool
    ) throws(AssemblerError) -> (image: BuiltImage, batch: BlobBatch, layers: [DerivedLayer], texts: [[UInt8]]) {
        guard !plan.platforms.isEmpty else {
            if !plan.problems.isEmpty { throw .plan(path: path, plan.problems) }
            throw .noPlatform
        }
        let states = try self.states(of: plan, path: path, options)
        let batch: BlobBatch
        do { batch = try isFresh ? store.beginScratch() : store.beginBatch() } catch { throw .store(error) }
        let layers = try derive(Self.plans(states), batch, isFresh: isFresh, options)
        var assembly = ImageAssembly(plan: plan, options: options, layers: layers.all)
        for (platform, state) in zip(plan.platforms, states) { assembly.add(state, for: platform) }
        var image = assembly.finish()
        if let stating = options.stating {
            let source = BuiltImageSource(image: image, batch: batch, store: store)
            image = assembly.finish(with: try stating(image, source))
        }
        return (image, batch, layers.new, Self.texts(states))
    }

    /// What each platform's build comes to; throws for all that keeps them from it, what the plan found, too.
    private func states(of plan: ContextPlan, path: String, _ options: Options) throws(AssemblerError) -> [StageState] {
        let inputs = StoreInputs(store: store)
        var states: [StageState] = []
        var problems: [(PlanProblem, Platform)] = []
        for platform in plan.platforms {
            do throws(PlatformBuild.Failure) {
                states.append(try execute(plan, platform, options, inputs))
            } catch {
                problems += error.problems.map { ($0, platform) }
            }
        }
        guard !problems.isEmpty || !plan.problems.isEmpty else { return states }
        var merged = PlanCheck.merge(problems, plan.platforms)
        // One that may have several platforms is named all the same.
        if plan.platforms.count == 1 {
            for index in merged.indices { merged[index].platforms = plan.platforms }
        }
        merged += plan.problems
        throw .plan(path: path, merged.sorted { $0.lines.lowerBound < $1.lines.lowerBound })
    }

    private func execute(
        _ plan: ContextPlan,
        _ platform: Platform,
        _ options: Options,
        _ inputs: any BuildInputs
    ) throws(PlatformBuild.Failure) -> StageState {
        try PlatformBuild(
            dockerfile: plan.dockerfile,
            platform: platform,
            context: plan.names[platform].map { ContextTrees($0) },
            released: plan.released[platform]?.mapValues { ContextTrees($0) } ?? [:],
            contexts: plan.contexts,
            target: plan.target,
            buildArguments: options.buildArguments.values(for: platform),
            epoch: options.epoch,
            compression: options.compression,
            derivation: options.derivation,
            refused: plan.problems.filter { $0.platforms.isEmpty || $0.platforms.contains(platform) },
            inputs: inputs
        ).run()
    }

    // Two platforms' layers are mostly different and their compression is most of the work, so they are made side by
    // side. The same recipe is made once.
    func derive(
        _ layers: [LayerPlan],
        _ batch: BlobBatch,
        isFresh: Bool,
        _ options: Options = Options()
    ) throws(AssemblerError) -> (all: [Digest: DerivedLayer], new: [DerivedLayer]) {
        var plans: [Digest: LayerPlan] = [:]
        for plan in layers { plans[plan.recipe.digest] = plan }
        let known: [Digest: DerivedLayer]
        do { known = isFresh ? [:] : try store.derivedLayers(Array(plans.keys)) } catch { throw .store(error) }
        let missing = plans.filter { known[$0.key] == nil }.sorted { $0.key < $1.key }
        options.begins(missing.map(\.value.contentSize).reduce(0, &+))
        let maker = try LayerMaker(of: missing.map(\.value), store: store, batch: batch, passed: options.passed)
        let new = try Parallel.map(missing, width: Parallel.coreCount) { recipe, plan throws(AssemblerError) in
            try maker.make(plan, recipe: recipe)
        }
        return (known.merging(new.map { ($0.recipe, $0) }) { old, _ in old }, new)
    }

    private static func plans(_ states: [StageState]) -> [LayerPlan] {
        states.flatMap(\.layers).compactMap { layer in
            if case .derived(let plan) = layer { plan } else { nil }
        }
    }

    // Texts of here-documents are not artifacts, but a layer can be derived again only from what is kept.
    private static func texts(_ states: [StageState]) -> [[UInt8]] {
        plans(states).flatMap(\.entries).compactMap { entry in
            if case .file(.text(_, let bytes)) = entry.node.kind { bytes } else { nil }
        }
    }
}
