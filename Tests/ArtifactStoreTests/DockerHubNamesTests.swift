import ArtifactStore
import ContentAddress
import OCI
import Testing

@Suite struct DockerHubNamesTests {
    private static let spellings = [
        "alpine:3", "docker.io/alpine:3", "docker.io/library/alpine:3", "index.docker.io/library/alpine:3",
    ]

    private static func reference(_ text: String) throws -> ImageReference { try ImageReference(parsing: text) }

    private static func addImage(_ text: String, as names: [String], to store: Store) throws -> Digest {
        let batch = try store.beginBatch()
        let digest = try batch.add(Array(text.utf8))
        let record = ImageRecord(
            digest: digest,
            mediaType: MediaType.imageManifest,
            blobs: [digest],
            references: try names.map(reference)
        )
        try store.commit(batch, image: record)
        return digest
    }

    @Test(arguments: spellings)
    func eachSpellingFindsWhatAnotherNamed(stored: String) throws {
        let fixture = try Fixture()
        let store = try fixture.store()
        let digest = try Self.addImage("{}", as: [stored], to: store)
        for spelling in Self.spellings {
            let image = try #require(try store.image(Self.reference(spelling)))
            #expect(image.digest == digest)
            #expect(image.references == [stored])
        }
        #expect(try store.image(Self.reference("registry.example/library/alpine:3")) == nil)
        #expect(try store.image(Self.reference("alpine:4")) == nil)
    }

    @Test(arguments: spellings)
    func aNameMovesWithItsSpellings(stored: String) throws {
        let fixture = try Fixture()
        let store = try fixture.store()
        let old = try Self.addImage("{}", as: ["registry.example/alpine:3", stored], to: store)
        for spelling in Self.spellings {
            let new = try Self.addImage("{\"\(spelling)\":1}", as: [], to: store)
            try store.tag(new, as: Self.reference(spelling))
            for name in Self.spellings { #expect(try store.image(Self.reference(name))?.digest == new) }
        }
        #expect(try store.image(Self.reference("registry.example/alpine:3"))?.digest == old)
        #expect(try store.removeImage(Self.reference("docker.io/alpine:3")))
        for name in Self.spellings { #expect(try store.image(Self.reference(name)) == nil) }
        #expect(try store.image(Self.reference("registry.example/alpine:3"))?.digest == old)
    }
}
