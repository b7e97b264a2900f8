import ArtifactStore
import OCI
import Release
import Testing

@Suite struct LatestTagTests {
    @Test func aPreReleaseDoesNotMoveLatest() throws {
        let store = try Fixture().store(durable: false)
        let reference = try ImageReference(parsing: "agent:latest")
        #expect(try store.latestTag(reference, for: ReleaseKey(parsing: "agent@1.2.3-rc.1")) == .staysForPreRelease)
        #expect(try store.latestTag(reference, for: ReleaseKey(parsing: "agent@1.2.3")) == .moves)
    }

    @Test func eachRepositoryHasOneLatest() throws {
        let tags = try ["b:1", "a:1.2", "a:1", "registry.example/a:1"].map { try ImageReference(parsing: $0) }
        #expect(
            try LatestTag.references(for: tags).map(\.description) == [
                "a:latest", "b:latest", "registry.example/a:latest",
            ]
        )
    }
}
