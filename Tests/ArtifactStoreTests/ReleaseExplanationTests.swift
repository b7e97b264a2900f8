import ArtifactStore
import ContentAddress
import OCI
import Release
import Testing

@Suite("Which release files are")
struct ReleaseExplanationTests {
    /// A file by the releases that have its bytes: `agent@1 lite@2`.
    private static func file(_ releases: String) throws -> [Artifact] {
        try releases.split(separator: " ").map { text in
            let release = try ReleaseKey(parsing: text)
            return Artifact(
                key: ArtifactKey(name: release.name, version: release.version, platform: .any),
                digest: .of(Array(releases.utf8)),
                size: 1,
                fileName: "file",
                mode: 0o644,
                putAt: Timestamp(milliseconds: 0),
                putBy: "test"
            )
        }
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let files: [String]
        var expected: [String] = []
        let releases: [String]
        var mixed: [String] = []
    }

    private static let examples: [Example] = [
        Example(testDescription: "nothing", files: [], releases: []),
        Example(testDescription: "one release", files: ["agent@1", "agent@1"], releases: ["agent@1"]),
        Example(
            testDescription: "bytes of two releases are those of the one that the others are of",
            files: ["agent@1.2.3 agent@1.2.4", "agent@1.2.3"],
            releases: ["agent@1.2.3"]
        ),
        Example(
            testDescription: "all releases that explain the files are named, in the order of versions",
            files: ["agent@1.10.0 agent@1.2.3", "agent@1.2.3 agent@1.10.0"],
            releases: ["agent@1.2.3", "agent@1.10.0"]
        ),
        Example(
            testDescription: "of several the expected one is meant",
            files: ["agent@1.2.3 agent@1.2.4"],
            expected: ["agent@1.2.4", "agent@9", "other@1"],
            releases: ["agent@1.2.4"]
        ),
        Example(testDescription: "two releases", files: ["agent@1", "agent@2"], releases: [], mixed: ["agent"]),
        Example(
            testDescription: "no version is all files'",
            files: ["agent@1 agent@2", "agent@2 agent@3", "agent@1 agent@3"],
            releases: [],
            mixed: ["agent"]
        ),
        Example(
            testDescription: "the same bytes under a second name, put later in two versions, change nothing",
            files: ["agent@1 lite@1", "agent@1 lite@2"],
            releases: ["agent@1"]
        ),
        Example(
            testDescription: "a name that is mixed by bytes of another release counts for its own files",
            files: ["agent@1 lite@1", "lite@2", "agent@1"],
            releases: ["agent@1", "lite@2"]
        ),
        Example(
            testDescription: "of two names that each have the other's bytes in another version",
            files: ["agent@1 lite@2", "agent@1", "lite@1 agent@2", "lite@1"],
            releases: ["agent@1", "lite@1"]
        ),
        Example(
            testDescription: "one name is mixed, the other one is not",
            files: ["agent@1", "agent@2", "lite@1"],
            releases: ["lite@1"],
            mixed: ["agent"]
        ),
        Example(
            testDescription: "two names",
            files: ["agent@1", "tool@2"],
            releases: ["agent@1", "tool@2"]
        ),
    ]

    @Test("one release explains all files of a name", arguments: examples)
    private func explains(_ example: Example) throws {
        let files = try example.files.map(Self.file)
        let expected = try example.expected.map { try ReleaseKey(parsing: $0) }
        for files in [files, files.reversed()] {
            let explanation = ReleaseExplanation(files, expected: expected)
            #expect(explanation.releases.map(\.description) == example.releases)
            #expect(explanation.mixed.keys.map(\.text) == example.mixed)
        }
    }

    @Test("whatever is released later, files that releases explain stay explained")
    func later() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let names = (0..<Int.random(in: 1...4, using: &random)).map { "name\($0)" }
            var files = (0..<Int.random(in: 1...8, using: &random)).map { _ in "\(names.randomElement() ?? "")@1" }
            #expect(ReleaseExplanation(try files.map(Self.file)).mixed.isEmpty)
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let file = files.indices.randomElement() ?? 0
                files[file] += " \(names.randomElement() ?? "")@\(Int.random(in: 2...4, using: &random))"
                let explanation = ReleaseExplanation(try files.map(Self.file))
                #expect(explanation.mixed.isEmpty, "\(files)")
                for file in try files.map(Self.file) {
                    #expect(file.contains { explanation.contains($0.key.release) }, "\(files)")
                }
            }
        }
    }

    @Test("of artifacts with the same bytes the one that fits and explains comes first, then the one put first")
    func order() throws {
        let artifacts = try Self.file("agent@1 agent@2 agent@3")
        let explanation = ReleaseExplanation([try Self.file("agent@2 agent@3")])
        let ordered = explanation.ordered(artifacts, for: nil)
        #expect(ordered.map(\.key.version.text) == ["2", "3", "1"])
    }
}
