import ArtifactStore
import ImageAssembler
import Release
import Testing

/// Files of a release under names that a context needs for itself.
@Suite struct ReservedNamesTests {
    static let reserved = [
        "Dockerfile", ".dockerignore", "bindery-context.json", "Dockerfile.original", "Dockerfile.dockerignore",
        "Dockerfile/nested",
    ]

    @Test(arguments: reserved, ["any", "linux/amd64"])
    func aFileThatNothingNamesIsNoProblem(name: String, platform: String) throws {
        let releases = try PlanFixture.releases([
            PlanFixture.artifact("tool", "1.0.0", "linux/amd64"),
            PlanFixture.artifact("tool", "1.0.0", platform, file: name),
        ])
        #expect(try PlanFixture.plan("FROM scratch\nCOPY tool /", releases).files.map(\.name) == ["tool"])
        // A mount may take any file, and the engine sees none but those that can stand there.
        let open = try PlanFixture.plan("FROM scratch\nRUN --mount=target=/x cp /x/tool /", releases) {
            $0.allowsRun = true
        }
        #expect(open.files.map(\.name) == ["tool-linux-amd64"])
    }

    @Test(arguments: reserved)
    func anInstructionThatWouldWriteItIsRefused(name: String) throws {
        let file = try PlanFixture.artifact("tool", "1.0.0", "any", file: name)
        let releases = try PlanFixture.releases([
            PlanFixture.artifact("tool", "1.0.0", "linux/amd64"),
            PlanFixture.artifact("tool", "1.0.0", "linux/arm64"), file,
        ])
        for source in [name, ".", "*ocker*", "b*"] {
            let problems = try PlanFixture.problems("FROM scratch\nCOPY \(source) /", releases)
            let isTaken = source.count > 2 || source == "." || name.hasPrefix("b")
            guard isTaken, source != "*ocker*" || name.contains("ocker") else { continue }
            let top = name.split(separator: "/").first.map(String.init) ?? ""
            #expect(problems.filter { $0.kind == .reservedName(top, of: "\(file.key)") }.count == 1, "\(source)")
        }
    }

    @Test(arguments: reserved)
    func itsPathByPlatformIsFree(name: String) throws {
        let releases = try PlanFixture.releases([
            PlanFixture.artifact("tool", "1.0.0", "linux/amd64", file: name),
            PlanFixture.artifact("tool", "1.0.0", "linux/arm64", file: name),
        ])
        let plan = try PlanFixture.plan("FROM scratch\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/\(name) /", releases)
        #expect(plan.files.map(\.name) == ["linux/amd64/\(name)", "linux/arm64/\(name)"])
        // A name that differs by platform is written anew as that path.
        let divided = try PlanFixture.plan("FROM scratch\nCOPY \(name) /", releases)
        #expect(divided.files.map(\.name) == ["linux/amd64/\(name)", "linux/arm64/\(name)"])
    }
}
