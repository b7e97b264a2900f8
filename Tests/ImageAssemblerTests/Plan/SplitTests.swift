import ArtifactStore
import ImageAssembler
import OCI
import Release
import Testing

/// A context for each platform, planned by itself.
@Suite struct SplitTests {
    private func split(
        _ text: String,
        platforms: [String] = ["linux/amd64", "linux/arm64"]
    ) throws -> [ContextPlan.Part] {
        try ContextPlan.split(
            releases: PlanFixture.tool(platforms),
            dockerfile: Array(text.utf8),
            path: "Dockerfile.release",
            options: ContextPlan.Options(naming: try NamingTemplate())
        )
    }

    @Test func eachPlatformHasItsOwnFilesAndTheGivenDockerfile() throws {
        let parts = try split("FROM scratch\nCOPY tool /\n", platforms: ["linux/amd64", "linux/arm/v7"])
        #expect(parts.map(\.directory) == ["linux-amd64", "linux-arm-v7"])
        #expect(parts.map { $0.plan.files.map(\.name) } == [["tool"], ["tool"]])
        #expect(parts.map { $0.plan.files.map(\.key.platform.description) } == [["linux/amd64"], ["linux/arm/v7"]])
        #expect(parts.allSatisfy { !$0.plan.isRewritten })
    }

    @Test func allPlatformsProblemsAreTold() throws {
        do {
            _ = try split("FROM scratch\nCOPY tool-linux-amd64 /\nCOPY x /\n")
            Issue.record("nothing was refused")
        } catch AssemblerError.plan(_, let problems) {
            #expect(problems.map(\.lines.lowerBound) == [2, 3, 3])
            #expect(problems[0].platforms.map(\.description) == ["linux/arm64"])
        }
    }

    @Test func whatHasNoPlatformCantBeSplit() throws {
        #expect(throws: AssemblerError.self) { try split("FROM scratch\n", platforms: ["any"]) }
    }

    @Test("Arguments of one platform differ from what the others get; those of all don't")
    func differingArgumentsAreFound() throws {
        let (amd64, arm64) = (try Platform(parsing: "linux/amd64"), try Platform(parsing: "linux/arm64"))
        var arguments: BuildArguments = ["ALL": "1", "SAME": "x"]
        arguments.set("SAME", to: "x", for: arm64)
        arguments.set("OTHER", to: "y", for: arm64)
        arguments.set("ALL", to: "2", for: amd64)
        #expect(arguments.differing(between: [amd64, arm64]) == ["ALL", "OTHER"])
        #expect(arguments.differing(between: [arm64]) == [])
    }
}
