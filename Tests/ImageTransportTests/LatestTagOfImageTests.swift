import ArtifactStore
import ContentAddress
import ImageTransport
import OCI
import Release
import StoreTestSupport
import TestSupport
import Testing

/// The version of an image elsewhere that has the tag `latest`.
@Suite struct LatestTagOfImageTests {
    private func outcome(_ image: TestImage, putting version: String?, building release: String) throws -> LatestTag {
        let directory = try TemporaryStore()
        let store = try directory.open()
        if let version {
            let file = try directory.file("agent", "released")
            _ = try store.put([directory.request(file, "agent@\(version)", platform: "linux/amd64")])
        }
        try image.write(layout: directory.path + "/layout")
        let source = try LayoutSource(directory: directory.path + "/layout", tag: nil)
        return try store.latestTag(heldBy: source, for: ReleaseKey(parsing: release))
    }

    private func image(label: String? = nil, recipe: Bool = false) -> TestImage {
        var image = TestImage { $0.file("agent", "released") }
        if let label { image.execution["Labels"] = ["org.opencontainers.image.version": .string(label)] }
        if recipe {
            let text = #"{"entries":[{"path":"agent","digest":"\#(Digest.of(Array("released".utf8)))"}]}"#
            image.layers[0].annotations["dev.bindery.layer.recipe"] = .string(text)
        }
        return image
    }

    @Test func releasedFilesSayTheVersion() throws {
        let newer = try LatestTag.staysForNewer(ReleaseKey(parsing: "agent@2.0.0"))
        #expect(try outcome(image(recipe: true), putting: "2.0.0", building: "agent@1.9.0") == newer)
        #expect(try outcome(image(recipe: true), putting: "2.0.0", building: "agent@2.0.1") == .moves)
        // Another name's version is nothing to compare with.
        #expect(try outcome(image(recipe: true), putting: "2.0.0", building: "other@1.9.0") == .moves)
    }

    @Test func theLabelCountsWhereNoReleasedFileDoes() throws {
        let newer = try LatestTag.staysForNewer(ReleaseKey(parsing: "agent@2.0.0"))
        #expect(try outcome(image(label: "v2.0.0"), putting: nil, building: "agent@1.9.0") == newer)
        #expect(try outcome(image(label: "9.0.0", recipe: true), putting: "1.0.0", building: "agent@1.9.0") == .moves)
        #expect(try outcome(image(label: "not a version!"), putting: nil, building: "agent@1.9.0") == .moves)
        #expect(try outcome(image(), putting: nil, building: "agent@1.9.0") == .moves)
    }
}
