import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Release
import Testing

@Suite struct PrepareTests {
    private static let dockerfile = """
        FROM scratch
        ARG TARGETARCH
        COPY --chmod=755 tool-linux-${TARGETARCH} /tool
        ENTRYPOINT ["/tool"]
        """

    private let fixture: StoreFixture
    private let artifacts: [Artifact]

    init() throws {
        let fixture = try StoreFixture()
        self.fixture = fixture
        artifacts = try ["amd64", "arm64"].map { architecture in
            try fixture.put(
                "team/tool",
                "1.0.0",
                "linux/\(architecture)",
                bytes: Array("a program for \(architecture)".utf8),
                mode: 0o755
            )
        }
    }

    /// How many of an image's layers are known before it is built.
    private func known(_ text: String, epoch: Int64 = 0) throws -> (of: Int, known: Int) {
        let plan = try PlanFixture.plan(text, PlanFixture.releases(artifacts))
        var options = ImageBuilder.Options()
        options.epoch = epoch
        let layers = try ImageBuilder(store: fixture.store).derive(plan, path: "D", options: options).parts
            .flatMap(\.layers)
        let known = try layers.filter { layer in
            let recipe = try #require(layer.recipe).digest
            return try fixture.store.derivedLayers([recipe])[recipe]?.digest == layer.descriptor.digest
        }
        return (layers.count, known.count)
    }

    @Test func theUsualLayersAreThereBeforeTheFirstBuild() throws {
        let builder = ImageBuilder(store: fixture.store)
        #expect(try known(Self.dockerfile) == (2, 0))
        #expect(try builder.prepare(artifacts) == 2)
        #expect(try known(Self.dockerfile) == (2, 2))
        #expect(try builder.prepare(artifacts) == 0)
        #expect(try known(Self.dockerfile, epoch: 1) == (2, 0))
    }

    @Test func aDockerfilesOwnLayersAreThereBeforeTheFirstBuild() throws {
        let text = Self.dockerfile + "\nCOPY --chown=65534 tool-linux-${TARGETARCH} /opt/tool/"
        let plan = try PlanFixture.plan(text, PlanFixture.releases(artifacts))
        let builder = ImageBuilder(store: fixture.store)
        #expect(try builder.prepare(plan, path: "D", options: ImageBuilder.Options()) == 4)
        #expect(try known(text) == (4, 4))
        #expect(try fixture.store.images().isEmpty)
    }

    @Test func whatLongRecipesAndTextsNeedStaysWithTheImage() throws {
        let files = try (0..<60).map { number in
            try fixture.put("data-\(number)", "1", "any", bytes: Array("file \(number)".utf8))
        }
        let text = "FROM scratch\nCOPY data-* /data/\nCOPY <<EOF /text\na text\nEOF\n"
        let plan = try PlanFixture.plan(text, PlanFixture.releases(artifacts + files))
        var options = ImageBuilder.Options()
        options.references = [try ImageReference(parsing: "image:1")]
        let image = try ImageBuilder(store: fixture.store).build(plan, path: "D", options: options)
        _ = try fixture.store.collect(grace: 0)
        let layers = try #require(image.parts.first).layers
        #expect(layers.count == 2)
        for layer in layers {
            let annotation = try #require(layer.descriptor.annotations?[Annotation.layerRecipe])
            var bytes: [UInt8] = []
            #expect(try LayerDerivation.derive(annotation, in: fixture.store) { bytes += $0 })
            #expect(Digest.of(bytes) == layer.descriptor.digest)
        }
        #expect(layers.first?.descriptor.annotations?[Annotation.layerRecipe]?.hasPrefix("sha256:") == true)
    }

    @Test func aFileForAnyPlatformHasNoUsualPlace() throws {
        let artifact = try fixture.put("ca", "1", "any", bytes: Array("certificates".utf8))
        #expect(try ImageBuilder(store: fixture.store).prepare([artifact]) == 0)
    }
}
