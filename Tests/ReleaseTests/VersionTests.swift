import OCI
import Release
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

    @Test(arguments: [
        ("1.2.3", false), ("1.3.0-rc.1", true), ("1.2.3_build.5", false), ("nightly", false), ("01.2.3", false),
        ("1.2.3-01", false),
    ])
    func preReleasesAreTold(text: String, isPreRelease: Bool) throws {
        #expect(try Version(parsing: text).isPreRelease == isPreRelease)
    }
}
