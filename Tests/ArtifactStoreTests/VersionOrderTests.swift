import ArtifactStore
import OCI
import Release
import Testing

@Suite struct VersionOrderTests {
    // semver.org 2.0.0, section 11, with its own examples; what doesn't parse comes first, in the order it was put.
    @Test func releasesStandInTheOrderOfVersions() throws {
        let ordered = [
            "nightly-b", "nightly-a", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
            "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.2.3", "1.10.0", "2.0.0", "99999999999999999999999.0.0",
        ]
        let fixture = try Fixture()
        let store = try fixture.store()
        let unparsed = ordered.prefix(2)
        for version in unparsed + ordered.dropFirst(2).reversed() {
            _ = try store.put([fixture.request(fixture.file("f", version), "agent@\(version)")])
        }
        #expect(try store.releases(of: RepositoryName(parsing: "agent")).map(\.key.version.text) == ordered)
    }
}
