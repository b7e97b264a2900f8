import SBOM
import Testing

@Suite struct VersionSchemeTests {
    /// Pairs whose order dpkg --compare-versions says, each the lower one first.
    @Test(arguments: [
        ("2.37", "1:2.36-9"), ("2.36-9+deb12u3", "2.36-9+deb12u4"), ("1.0~rc1-1", "1.0-1"), ("1.0~~", "1.0~"),
        ("1.0~", "1.0"), ("1.9-1", "1.10-1"), ("1.0a-1", "1.0+-1"), ("00.0-1", "0.0-2"), ("1.0", "1.0-1"),
        ("1.0-1", "1.0-1+b1"), ("1.0-1~bpo12+1", "1.0-1"), ("1.0.A", "1.0.a"), ("1.2-3-1", "1.2-3.1-1"),
        ("0:9", "1:0"), ("1.99999999999999999999", "1.100000000000000000000"),
    ])
    func debianVersionsHaveDpkgsOrder(_ lower: String, _ higher: String) {
        #expect(Self.order(.dpkg, lower, higher) == [-1, 1, 0, 0])
    }

    /// Pairs of apk's own test (test/version.data of apk-tools), each the lower one first.
    @Test(arguments: [
        ("0.1.0_alpha", "0.1.3_alpha"), ("0.1.0_alpha", "0.1.0_alpha2"), ("1.0.4-r3", "1.0.4-r4"), ("1.0.4-r4", "1.6"),
        ("1.1_alpha1", "1.1"), ("0.12", "0.13_beta1"), ("2.3.0b-r3", "2.3.0b-r4"), ("3.1_p16", "3.1_p17"),
        ("1.06-r6", "006"), ("1.00_beta2", "1.39"), ("0.99.3.20040818", "1.0"), ("4.2.52_p2-r1", "4.2.52_p4-r2"),
        ("0.9.28-r2", "0.9.28.1"), ("0.9.28", "0.9.28.1"), ("1.23", "1.23-r1"), ("1.02", "1.03-r1"),
        ("0.0.16", "0.0.31"),
        ("2.5.1-r8", "2.5.1a-r1"), ("2.0.0_rc3-r1", "2.2.0"), ("0.10.1_rc1", "0.10.1"), ("7.0.17", "7.0.174"),
        ("1.8.5", "1.8.5_p2"), ("1.7", "1.7b"), ("4.5_p1", "4.5_p1-r1"), ("1.3-r0", "1.3.1-r0"),
        ("1.3_pre1-r1", "1.3.2"),
        ("1.0_p9-r0", "1.0_p10-r0"), ("0.1.0_alpha_pre2", "0.1.0_alpha"),
        ("1.0.0_pre20191002222144-r0", "1.0.0_pre20210530193627-r0"),
        ("1.0~0a1b", "1.0~0a1c"), ("1.02.07", "1.02.10-r1"),
    ])
    func alpineVersionsHaveApksOrder(_ lower: String, _ higher: String) {
        #expect(Self.order(.apk, lower, higher) == [-1, 1, 0, 0])
    }

    /// The order of semver.org, 11, with Go's prefix and pseudo-versions.
    @Test(arguments: [
        ("1.0.0-alpha", "1.0.0-alpha.1"), ("1.0.0-alpha.1", "1.0.0-alpha.beta"), ("1.0.0-beta.2", "1.0.0-beta.11"),
        ("1.0.0-rc.1", "1.0.0"), ("v0.0.0-20230101000000-abcdefabcdef", "0.1.0"), ("v1.9.0", "1.10.0"),
        ("v2.0.0+incompatible", "v2.0.1"),
    ])
    func semanticVersionsHaveTheirOrder(_ lower: String, _ higher: String) {
        #expect(Self.order(.semantic, lower, higher) == [-1, 1, 0, 0])
    }

    @Test(arguments: [
        (VersionScheme.dpkg, ["", ":1", "a:1", "1-", "-1", "1 2", "1:", "1_2"]),
        (
            .apk,
            [
                "", "a", "1.", "1.0bc", "1_foo", "1_", "1-1", "1-r", "1-r1-r2", "1.0-r1.2", "1~", "1~x", "1.0-r1_p1",
                "1a.2", "1_p_",
            ]
        ),
        (.semantic, ["", "1", "1.0", "v", "1.0.0-", "01.0.0"]),
    ])
    func whatIsNoVersionHasNoPlace(_ scheme: VersionScheme, _ texts: [String]) {
        for text in texts { #expect(!scheme.accepts(text), "\(text)") }
    }

    @Test func differentSpellingsAreOneVersion() {
        #expect(VersionScheme.dpkg.compare("0:1.0-0", "1.0") == 0)
        #expect(VersionScheme.dpkg.compare("1.00", "1.0") == 0)
        #expect(VersionScheme.semantic.compare("v1.0.0", "1.0.0+build.5") == 0)
        #expect(VersionScheme.apk.compare("01", "1") == 0)
    }

    private static func order(_ scheme: VersionScheme, _ lower: String, _ higher: String) -> [Int?] {
        [(lower, higher), (higher, lower), (lower, lower), (higher, higher)].map { left, right in
            scheme.compare(left, right)?.signum()
        }
    }
}
