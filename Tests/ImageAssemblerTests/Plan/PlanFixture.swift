import ArtifactStore
import ContentAddress
import Dockerfile
import ImageAssembler
import OCI
import Release

/// Releases that exist in a test only.
enum PlanFixture {
    /// An artifact whose bytes are its name.
    static func artifact(
        _ name: String,
        _ version: String,
        _ platform: String,
        file: String? = nil,
        fileName: String? = nil,
        mode: UInt16 = 0o755
    ) throws -> Artifact {
        Artifact(
            key: ArtifactKey(
                name: try RepositoryName(parsing: name),
                version: try Version(parsing: version),
                platform: try ArtifactPlatform(parsing: platform),
                file: try file.map { try ReleasePath(parsing: $0) }
            ),
            digest: .of("\(name) \(version) \(platform) \(file ?? "")"),
            size: Int64("\(name) \(version) \(platform)".utf8.count),
            fileName: fileName ?? name,
            mode: mode,
            putAt: Timestamp(milliseconds: 0),
            putBy: "test"
        )
    }

    /// A release `tool@1.0.0` for some platforms, and with files for any.
    static func tool(_ platforms: [String] = ["linux/amd64", "linux/arm64"]) throws -> [ReleaseKey: [Artifact]] {
        try releases(platforms.map { try artifact("tool", "1.0.0", $0) })
    }

    /// Releases made of artifacts.
    static func releases(_ artifacts: [Artifact]) -> [ReleaseKey: [Artifact]] {
        Dictionary(grouping: artifacts, by: \.key.release)
    }

    /// A plan with the Dockerfile's text.
    static func plan(
        _ text: String,
        _ releases: [ReleaseKey: [Artifact]],
        change: (inout ContextPlan.Options) throws -> Void = { _ in }
    ) throws -> ContextPlan {
        var options = ContextPlan.Options(naming: try NamingTemplate())
        try change(&options)
        return try ContextPlan(
            releases: releases,
            dockerfile: Array(text.utf8),
            path: "Dockerfile.release",
            options: options
        )
    }

    /// The problems that a plan is refused for.
    static func problems(
        _ text: String,
        _ releases: [ReleaseKey: [Artifact]],
        change: (inout ContextPlan.Options) throws -> Void = { _ in }
    ) throws -> [PlanProblem] {
        do {
            _ = try plan(text, releases, change: change)
            return []
        } catch AssemblerError.plan(_, let problems) {
            return problems
        }
    }
}
