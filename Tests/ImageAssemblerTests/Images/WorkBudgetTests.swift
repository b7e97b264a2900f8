import Archive
import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import TestSupport
import Testing

@testable import ImageAssembler

/// What extended headers cost counts wherever a build or a repair reads archives.
@Suite struct WorkBudgetTests {
    // Compressed, since a budget grows with the bytes that are read.
    private static func layer() throws -> TestImage.Layer {
        var archive = TarBuilder()
        archive.file("x", Array("text".utf8), pax: Array(repeating: ("a", [0x62]), count: 20_000))
        return try TestImage.Layer(archive.archive, by: "gzip -n", suffix: "+gzip")
    }

    /// So many steps are left.
    private static func budget(left steps: Int64) throws -> WorkBudget {
        let budget = WorkBudget()
        try budget.take((8 << 20) - steps, .steps)
        return budget
    }

    @Test func recordsOfAnArchiveThatADDUnpacksAreCounted() throws {
        let fixture = try StoreFixture()
        let tar = try fixture.put("files.tar.gz", "1.0.0", "any", bytes: Self.layer().blob)
        func read(_ budget: WorkBudget) throws -> UnpackedArchive? {
            try ArchiveReader(store: fixture.store, name: "files.tar.gz", budget: budget).read(
                tar.digest,
                size: tar.size
            )
        }
        #expect(try read(Self.budget(left: 1_000_000))?.entries.count == 1)
        #expect(throws: PlanProblem.Kind.self) { _ = try read(Self.budget(left: 10_000)) }
    }

    @Test func recordsOfALayerInWhichARepairLooksForAFileAreCounted() throws {
        try withTemporaryDirectory { directory in
            var image = TestImage()
            image.layers = [try Self.layer()]
            try image.write(layout: directory)
            let source = try LayoutSource(directory: directory, tag: nil)
            let blob = image.layers[0].blob
            let layer = Descriptor(mediaType: MediaType.layerGzip, digest: .of(blob), size: Int64(blob.count))
            func files(_ budget: WorkBudget) throws -> [Int64] {
                try ImageContents.files(of: layer, in: source, digest: .of("text"), size: 4, budget: budget)
            }
            #expect(try files(Self.budget(left: 1_000_000)).count == 1)
            #expect(throws: WorkBudget.Spent.self) { _ = try files(Self.budget(left: 10_000)) }
        }
    }
}
