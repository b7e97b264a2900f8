import ArtifactStore
import ContentAddress
import ImageFileSystem
import OCI
import Release
import Testing

@testable import ImageAuditor

/// A report doesn't grow with the product of an image's names and a store's releases.
@Suite struct ListedKeysTests {
    private func file(_ path: String, versions: Int) throws -> AuditedFile {
        let artifacts = try (0..<versions).map { number in
            Artifact(
                key: try ArtifactKey(
                    name: RepositoryName(parsing: "agent"),
                    version: Version(parsing: "1.0.\(number)"),
                    platform: ArtifactPlatform(parsing: "any")
                ),
                digest: .of("x"),
                size: 1,
                fileName: "agent",
                mode: 0o755,
                putAt: Timestamp(milliseconds: 0),
                putBy: "ci"
            )
        }
        return AuditedFile(FilePath(path), Inode(file: .of("x"), layer: 0), .released(artifacts), artifacts: artifacts)
    }

    @Test func allAreListedUntilThereAreTooMany() throws {
        var listed = ListedKeys(further: 5)
        let counts = try [3, 1, 4, 5, 0, 3, 1, 2, 1].map { listed.keys(of: try file("f", versions: $0)).count }
        // Two further ones, then three; what is beyond keeps its first.
        #expect(counts == [3, 1, 4, 1, 0, 1, 1, 1, 1])
    }

    @Test func theFirstIsTheOneThatFits() throws {
        var listed = ListedKeys(further: 0)
        let keys = listed.keys(of: try file("f", versions: 3))
        #expect(keys.map(\.version.text) == ["1.0.0"])
    }
}
