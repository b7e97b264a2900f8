import ArtifactStore
import ContentAddress
import Foundation
import ImageFileSystem
import OCI
import Release
import TestSupport
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

    @Test func aReportAndARecordListNoMore() throws {
        try AuditFixture.with { fixture in
            let program = AuditFixture.agent("1.2.3", "amd64").bytes
            let path = "\(fixture.directory)/many"
            try Data(program).write(to: URL(fileURLWithPath: path))
            let name = try RepositoryName(parsing: "many")
            _ = try fixture.store.put(
                (0..<30).map { number in
                    var request = PutRequest(
                        source: .path(path),
                        name: name,
                        version: try Version(parsing: "1.0.\(number)")
                    )
                    request.mode = 0o755
                    return request
                }
            )
            var image = AuditFixture.image()
            image.layer { layer in
                layer.file("n/0", program, mode: 0o755)
                for number in 1..<1200 { layer.hardLink("n/\(number)", to: "n/0") }
            }
            let audit = try fixture.audit(image)
            let report = String(decoding: try JSONEncoder().encode(AuditReport(audit)), as: UTF8.self)
            #expect((32_000..<36_000).contains(report.split(separator: "1.0.").count))
            let record = String(decoding: try JSONEncoder().encode(RecordedReport(audit)), as: UTF8.self)
            #expect((32_000..<36_000).contains(record.split(separator: "1.0.").count))
        }
    }

    @Test func theFirstIsTheOneThatFits() throws {
        var listed = ListedKeys(further: 0)
        let keys = listed.keys(of: try file("f", versions: 3))
        #expect(keys.map(\.version.text) == ["1.0.0"])
    }
}
