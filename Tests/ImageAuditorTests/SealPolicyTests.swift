import ArtifactStore
import ContentAddress
import ImageAuditor
import OCI
import Release
import Testing

@Suite struct SealPolicyTests {
    private static func artifact(
        _ platform: String,
        _ file: String? = nil,
        _ annotations: [String: String] = [:]
    ) throws -> Artifact {
        Artifact(
            key: ArtifactKey(
                name: try RepositoryName(parsing: "agent"),
                version: try Version(parsing: "1.0.0"),
                platform: try ArtifactPlatform(parsing: platform),
                file: try file.map { try ReleasePath(parsing: $0) }
            ),
            digest: Digest.of(platform),
            size: 1,
            fileName: "agent",
            mode: 0o755,
            putAt: Timestamp(milliseconds: 0),
            putBy: "ci",
            annotations: annotations
        )
    }

    private static func problems(_ policy: String, _ attested: SealPolicy.Attested...) throws -> [String] {
        let artifacts = try [artifact("linux/amd64", nil, ["a": "b"]), artifact("any", "docs/a.tar.gz")]
        return try SealPolicy(parsing: policy).problems(of: artifacts) { _ in attested }
    }

    @Test(arguments: [
        ("platforms: [linux/amd64, any]\nfiles: ['docs/*.gz', agent]", []),
        ("platforms: [linux/arm64]", ["no file is for linux/arm64"]),
        ("files: [LICENSE, '*.zip']", ["no file is LICENSE", "no file is *.zip"]),
        ("annotations: [a]", ["agent 1.0.0 any docs/a.tar.gz has no annotation a"]),
        ("provenance: any", ["agent 1.0.0 linux/amd64 has no provenance"]),
    ])
    func saysAllThatIsMissing(_ policy: String, _ expected: [String]) throws {
        #expect(try Self.problems(policy) == expected)
    }

    @Test func unverifiedAttestationsCountOnlyWhereAnyDo() throws {
        let unverified = SealPolicy.Attested(builder: "b", isVerified: false)
        let verified = SealPolicy.Attested(builder: "b", isVerified: true)
        #expect(try Self.problems("provenance: any", unverified).isEmpty)
        #expect(try Self.problems("provenance: verified", unverified).count == 1)
        #expect(try Self.problems("provenance: verified", unverified, verified).isEmpty)
        #expect(try Self.problems("provenance: verified\nbuilders: [b]", verified).isEmpty)
        #expect(try Self.problems("provenance: verified\nbuilders: [c]", verified, unverified).count == 1)
    }

    @Test(arguments: [
        "platform: []", "platforms: linux/amd64", "platforms: [x]", "provenance: some", "builders: [b]", "[]",
    ])
    func whatIsNotKnownIsRefused(_ policy: String) {
        #expect(throws: PolicyError.self) { try SealPolicy(parsing: policy) }
    }
}
