package import ArtifactStore
package import OCI
package import Release

extension ContextPlan {
    /// The plan of one platform's context, and the directory that the context gets.
    package struct Part: Sendable {
        /// The directory's name, `linux-arm-v7`.
        package let directory: String
        /// The platform.
        package let platform: Platform
        /// The plan.
        package let plan: ContextPlan
    }

    /// Plans a context for each platform, by itself.
    ///
    /// Throws what ``init(releases:dockerfile:path:options:)`` throws, with the problems of all platforms, and
    /// ``AssemblerError/noPlatform`` for releases without any.
    package static func split(
        releases: [ReleaseKey: [Artifact]],
        dockerfile: [UInt8],
        path: String,
        options: Options
    ) throws(AssemblerError) -> [Part] {
        let platforms = try platforms(of: releases, wanted: options.platforms)
        guard !platforms.isEmpty else { throw .noPlatform }
        var parts: [Part] = []
        var problems: [(PlanProblem, Platform)] = []
        for platform in platforms {
            var own = options
            own.platforms = [platform]
            do throws(AssemblerError) {
                let plan = try ContextPlan(releases: releases, dockerfile: dockerfile, path: path, options: own)
                let directory = platform.description.split(separator: "/").joined(separator: "-")
                parts.append(Part(directory: directory, platform: platform, plan: plan))
            } catch .plan(_, let found) {
                problems += found.map { ($0, platform) }
            }
        }
        guard problems.isEmpty else { throw .plan(path: path, PlanCheck.merge(problems, platforms)) }
        return parts
    }
}
