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

    @Test(arguments: [
        ("1.2.3", ["1.2.2"], "moves"), ("1.2.3", ["1.2.3"], "moves"), ("1.2.3", ["1.3.0"], "stays"),
        ("1.2.3", [], "moves"),
        ("1.2.3", ["1.3.0-rc.1"], "moves"), ("1.2.3", ["2.0.0", "1.2.0"], "moves"),
        ("1.2.3", ["2.0.0", "1.3.0"], "stays"),
        ("1.2.3", ["2.0.0", "2.0.0-rc.1"], "moves"), ("2.0.0-rc.1", ["1.0.0"], "pre-release"),
    ])
    func onlyANewerStableVersionHoldsLatest(version: String, held: [String], outcome: String) throws {
        let release = try ReleaseKey(parsing: "agent@\(version)")
        switch LatestTag(for: release, heldBy: try held.map { try Version(parsing: $0) }) {
        case .moves: #expect(outcome == "moves")
        case .staysForPreRelease: #expect(outcome == "pre-release")
        case .staysForNewer(let newer): #expect(outcome == "stays" && newer.version.description == held.last)
        }
    }

    @Test func eachRepositoryHasOneLatest() throws {
        let tags = try ["b:1", "a:1.2", "a:1", "registry.example/a:1", "c:latest", "d"].map {
            try ImageReference(parsing: $0)
        }
        #expect(
            try LatestTag.references(for: tags).map(\.description) == [
                "a:latest", "b:latest", "registry.example/a:latest",
            ]
        )
    }
}
