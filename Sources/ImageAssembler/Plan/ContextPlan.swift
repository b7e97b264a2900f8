package import ArtifactStore
package import Dockerfile
package import OCI
package import Release

/// What a context will hold, checked against the Dockerfile before a byte is written.
package struct ContextPlan: Sendable {
    /// The files under the names that the Dockerfile can reach, by name.
    package let files: [ContextFile]
    /// The Dockerfile that stands in a context: the one that was given, or one that takes each platform's files from a
    /// directory of their own.
    package let contextDockerfile: [UInt8]
    /// The number of the stage that is built.
    let target: Int
    /// The names that each platform's build sees.
    let names: [Platform: ContextNames]
    /// The names that each platform's build sees in the releases that have names of their own.
    let released: [Platform: [String: ContextNames]]
    /// Images and releases under names of their own.
    package let contexts: NamedContexts
    /// The platforms that the Dockerfile was checked for.
    package let platforms: [Platform]
    /// The Dockerfile's bytes.
    package let dockerfileBytes: [UInt8]
    /// The Dockerfile.
    package let dockerfile: Dockerfile
    /// What was found and let pass.
    package internal(set) var warnings: [PlanProblem]
    /// The images that the stages start from.
    let bases: [PlannedBase]
    /// What doesn't fit, in the order of the file; none but with ``Options/keepsProblems``.
    let problems: [PlanProblem]

    /// The instructions that an engine will run or fetch by, which were let pass.
    package var allowed: [PlanProblem] { warnings.filter(\.kind.needsEngine) }

    /// Whether the context's Dockerfile isn't the one that was given.
    package var isRewritten: Bool { contextDockerfile != dockerfileBytes }

    /// What is let pass, and what is given.
    package struct Options: Sendable {
        /// The platforms to build for; empty for all that the releases have.
        package var platforms: [Platform] = []
        /// How the files are named.
        package var naming: NamingTemplate
        /// Values for `ARG`.
        package var buildArguments: BuildArguments = [:]
        /// Images and releases that instructions find under names of their own.
        package var contexts = NamedContexts()
        /// The stage to build, by its name or its number from 0; nil for the last.
        package var target: String?
        /// What ``Annotation/drafts`` is to say of the image; nil where every release is final.
        package var drafts: String?
        /// Whether instructions that run or fetch something are warned of only.
        package var allowsRun = false
        /// Whether RUN is checked as ``ImageBuilder`` carries it out, instead of by an engine.
        package var carriesOutRun = false
        /// Whether what doesn't fit is left to ``ImageBuilder`` to tell, with what it meets itself.
        package var keepsProblems = false

        /// Options with a naming template.
        package init(naming: NamingTemplate) {
            self.naming = naming
        }
    }

    /// Plans a context of some releases' artifacts.
    ///
    /// Throws ``AssemblerError/plan(path:_:)`` with all that doesn't fit, in the order of the file, unless the options keep
    /// it;
    /// ``AssemblerError/missingPlatform(_:wanted:has:)`` when one of the releases lacks a platform.
    package init(
        releases: [ReleaseKey: [Artifact]],
        dockerfile bytes: [UInt8],
        path: String,
        options: Options
    ) throws(AssemblerError) {
        let dockerfile: Dockerfile
        do {
            dockerfile = try Dockerfile(parsing: bytes)
        } catch {
            throw .dockerfile(path: path, error)
        }
        let platforms = try Self.platforms(of: releases, wanted: options.platforms)
        let artifacts = releases.values.joined().filter { artifact in
            artifact.key.platform.platform.map { own in platforms.contains { $0.accepts(own) } } ?? true
        }
        // Files for any platform alone are good for each: one stands for all.
        let checked = platforms.isEmpty ? Self.fallback : platforms
        var names: [Platform: ContextNames] = [:]
        var released: [Platform: [String: ContextNames]] = [:]
        for platform in checked {
            names[platform] = try ContextNames(artifacts, naming: options.naming, platform: platform)
            for (name, artifacts) in options.contexts.releases {
                try Self.check(artifacts, for: platforms)
                released[platform, default: [:]][name] = try ContextNames(
                    artifacts.filter {
                        $0.key.platform.platform.map { own in platforms.contains { $0.accepts(own) } } ?? true
                    },
                    naming: options.naming,
                    platform: platform
                )
            }
        }
        guard let target = dockerfile.stage(named: options.target) else {
            let known = dockerfile.stages.compactMap(\.from.name)
            throw .noTarget(options.target ?? "", path: path, has: known)
        }
        var check = PlanCheck(dockerfile: dockerfile, target: target, options: options)
        for platform in checked {
            if let own = names[platform] { check.run(for: platform, own, released[platform] ?? [:]) }
        }
        let (errors, warnings) = check.results(allPlatforms: checked)
        guard errors.isEmpty || options.keepsProblems else { throw .plan(path: path, errors) }
        let first = checked.first
        var layout = ContextLayout(
            check.reaches,
            others: check.isOpen ? first.flatMap { names[$0]?.usable } ?? [] : []
        )
        for name in options.contexts.releases.keys.sorted() {
            let others = check.isOpen ? first.flatMap { released[$0]?[name]?.usable } ?? [] : []
            layout.add(ContextLayout(check.reaches, in: name, others: others), under: name)
        }
        var problems = errors.isEmpty ? layout.problems : errors
        do throws(PlanProblem) {
            contextDockerfile =
                problems.isEmpty
                ? try DockerfileEdit(dockerfile, bytes).dividing(
                    layout.divided,
                    ending: Self.labels(warnings, options).map { (target, $0) }
                ) : bytes
        } catch {
            contextDockerfile = bytes
            problems.append(error)
        }
        guard problems.isEmpty || options.keepsProblems else { throw .plan(path: path, problems) }
        self.problems = problems
        self.names = names
        self.released = released
        contexts = options.contexts
        self.target = target
        files = layout.files
        self.platforms = platforms
        self.warnings = warnings
        bases = check.bases
        self.dockerfile = dockerfile
        dockerfileBytes = bytes
    }

    /// The instructions that label what an engine makes of the context.
    private static func labels(_ warnings: [PlanProblem], _ options: Options) -> String? {
        let drafts = options.drafts.map { "LABEL \(Annotation.drafts)=\"\($0)\"" }
        let labels = [AllowedRun.label(of: warnings), drafts].compactMap(\.self)
        return labels.isEmpty ? nil : labels.joined(separator: "\n")
    }

    /// The build arguments that no `ARG` declares, which change nothing.
    package static func unused(_ arguments: BuildArguments, in dockerfile: Dockerfile) -> [String] {
        var declared: Set<String> = []
        for instruction in dockerfile.globalArguments + dockerfile.stages.flatMap(\.instructions) {
            if case .arg(let definitions) = instruction.operation { declared.formUnion(definitions.map(\.name)) }
        }
        return arguments.names.subtracting(declared).sorted()
    }

    private static let fallback = [try? Platform(os: "linux", architecture: "amd64")].compactMap(\.self)

    // Every release must have every platform, or be for any: an image with one of two programs missing for arm64 is
    // what this tool is there to prevent.
    static func platforms(
        of releases: [ReleaseKey: [Artifact]],
        wanted: [Platform]
    ) throws(AssemblerError) -> [Platform] {
        let all = Set(releases.values.joined().compactMap(\.key.platform.platform))
        let platforms = (wanted.isEmpty ? all.subtracting(unasked(all)) : Set(wanted)).sorted()
        for (_, artifacts) in releases.sorted(by: { $0.key.description < $1.key.description }) {
            try check(artifacts, for: platforms)
        }
        return platforms
    }

    /// Of a release's platforms those that an image is made for only when they are named: beside programs for Linux, those
    /// of other systems.
    package static func unasked(_ platforms: Set<Platform>) -> Set<Platform> {
        let others = platforms.filter { $0.os != "linux" }
        return others.count < platforms.count ? others : []
    }

    private static func check(_ artifacts: [Artifact], for platforms: [Platform]) throws(AssemblerError) {
        let own = artifacts.compactMap(\.key.platform.platform)
        guard let release = artifacts.first?.key.release, !own.isEmpty else { return }
        for platform in platforms where !own.contains(where: platform.accepts) {
            throw .missingPlatform(
                release,
                wanted: "\(platform)",
                has: artifacts.map { "\($0.key.platform)" }.sorted()
            )
        }
    }
}

extension Platform {
    /// Whether a program for another platform can stand in an image for this one: system and processor are the same.
    func accepts(_ other: Platform) -> Bool {
        os == other.os && architecture == other.architecture
            && (variant == other.variant || other.variant == nil
                || (variant.map { $0 >= other.variant ?? "" } ?? false))
    }
}
