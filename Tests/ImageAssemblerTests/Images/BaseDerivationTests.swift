import ContentAddress
import OCI
import Testing

@testable import ImageAssembler

@Suite struct BaseDerivationTests {
    private static let empty = ImageConfig.History(createdBy: "ENV", emptyLayer: true)
    private static let made = ImageConfig.History(createdBy: "COPY")

    @Test(arguments: [
        ([], 2, [false, false]), ([made], 1, [false]), ([empty, made], 2, [true, false, false]),
        ([made, made], 1, [false, true]), ([made, empty, made], 0, [true, true, true]), ([], 0, []),
        ([ImageConfig.History(createdBy: "COPY", emptyLayer: false)], 1, [false]),
    ])
    func aHistoryHasAsManyEntriesOfLayersAsThereAreLayers(
        _ history: [ImageConfig.History],
        _ layers: Int,
        _ isEmpty: [Bool]
    ) {
        let result = BaseDerivation.history(history, layers: layers)
        #expect(result.map { $0.emptyLayer == true } == isEmpty)
        #expect(result.prefix(history.count).map(\.createdBy) == history.map(\.createdBy))
    }

    @Test(arguments: [
        (MediaType.dockerLayerGzip, MediaType.layerGzip), (MediaType.dockerLayer, MediaType.layer),
        (MediaType.dockerLayer + ".zstd", MediaType.layerZstd), (MediaType.layerZstd, MediaType.layerZstd),
        ("application/x", "application/x"),
    ])
    func aLayerStandsUnderItsOCIType(_ type: String, _ twin: String) {
        let descriptor = Descriptor(mediaType: type, digest: Digest.of("x"), size: 1, annotations: ["a": "b"])
        let result = BaseDerivation.layer(descriptor)
        #expect(result.mediaType == twin)
        #expect(result.digest == descriptor.digest && result.size == 1 && result.annotations == ["a": "b"])
    }
}
