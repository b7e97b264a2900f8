import ArtifactStore
import OCI
import Testing

@Suite struct VersionTests {
    @Test(arguments: [
        ("1.2.3", "1.2.3"), ("v1.2.3", "1.2.3"), ("v1", "1"), ("vnext", "vnext"), ("v", "v"),
        ("1.2.3+build.5", "1.2.3_build.5"), ("nightly-20261124", "nightly-20261124"),
    ])
    func versionsAreTags(written: String, text: String) throws {
        #expect(try Version(parsing: written).text == text)
    }

    @Test(arguments: ["", "v1/2", ".1", "-1", "1 2", "é", "../1", "1\u{0}", String(repeating: "1", count: 129)])
    func otherVersionsAreRefused(text: String) {
        #expect(throws: OCIError.self) { try Version(parsing: text) }
    }

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

    @Test(arguments: [
        ("1.2.3", false), ("1.3.0-rc.1", true), ("1.2.3_build.5", false), ("nightly", false), ("01.2.3", false),
        ("1.2.3-01", false),
    ])
    func preReleasesAreTold(text: String, isPreRelease: Bool) throws {
        #expect(try Version(parsing: text).isPreRelease == isPreRelease)
    }
}
