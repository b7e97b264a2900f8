import ArgumentParser
import ArtifactStore
import Dockerfile
import ImageAssembler
import OCI
import Printable
import Proofs
import Release
import SystemIO

/// What `context` and `build` are given: releases, a Dockerfile, platforms, and the values of its arguments.
struct BuildOptionGroup: ParsableArguments {
    @Argument(help: "The releases, name@version.", completion: Completions.releases, transform: Arguments.release)
    var releases: [ReleaseKey]

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp("The Dockerfile; \(DockerfileText.standard) by default.", valueName: "file"),
        completion: .file()
    )
    var givenFile: String?

    /// The Dockerfile.
    var file: String { givenFile ?? Project.current?.dockerfile ?? DockerfileText.standard }

    @Option(
        help: ArgumentHelp(
            "Narrows the platforms to os/arch[/variant]; repeatable, or separated by commas.",
            valueName: "platform"
        )
    )
    var platform: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            How files are named in the context: {name}, {version}, {os}, {arch}, {variant}, {file}; \
            \(NamingTemplate.standard) by default.
            """,
            valueName: "template"
        )
    )
    var naming: String?

    @Option(
        help: ArgumentHelp(
            "A value for an ARG of the Dockerfile, for all platforms or one; repeatable.",
            valueName: "[platform:]key=value"
        ),
        transform: Arguments.buildArgument
    )
    var buildArg: [(platform: Platform?, key: String, value: String)] = []

    @Option(
        help: ArgumentHelp(
            "What FROM and COPY --from find under a name: an image of the store, or a release's files; repeatable.",
            valueName: "name=image|release"
        ),
        transform: BuildContextOption.parse
    )
    var buildContext: [BuildContextOption] = []

    @Flag(help: "Take the drafts of the releases, where there are any; the image says so, and no bundle takes it.")
    var draft = false

    @Option(help: ArgumentHelp("The stage to build; the last one by default.", valueName: "stage"))
    var target: String?

    /// The values for ARG: those that are given, and what the first release says of itself.
    func buildArguments(in store: Store) throws -> BuildArguments {
        var arguments: BuildArguments = [:]
        for (platform, key, value) in buildArg { arguments.set(key, to: value, for: platform) }
        if let release = releases.first { try ReleaseFacts(release, orDraft: draft, in: store).complete(&arguments) }
        return arguments
    }

    /// The platforms that are asked for; empty for all.
    func platforms() throws -> [Platform] {
        if platform.isEmpty { return Project.current?.platforms ?? [] }
        return try platform.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { try Platform(parsing: $0) }
    }

    /// The plan, checked against the Dockerfile.
    func plan(in store: Store, allowsRun: Bool = false, carriesOutRun: Bool = false) throws -> ContextPlan {
        let options = try planOptions(in: store, allowsRun: allowsRun, carriesOutRun: carriesOutRun)
        let plan = try Self.plan(releases, file: file, orDraft: draft, options, in: store)
        warnOfOthers(than: plan.platforms)
        if !carriesOutRun { warnOfUncopied(plan.files) }
        try noteUnasked(options, in: store)
        try checkMarks(in: store)
        return plan
    }

    /// Warns of releases and build arguments that have no effect on an image, unless the triggers of a base may take them.
    func warnOfUnused(_ plan: ContextPlan, _ image: BuiltImage, _ arguments: BuildArguments) {
        guard !image.hasTriggers else { return }
        warnOfUncopied(plan.files)
        Self.warnOfUnused(arguments, plan.dockerfile, file: file)
    }

    private func warnOfUncopied(_ files: [ContextFile]) {
        let copied = Set(files.map(\.key.release))
        for release in releases where !copied.contains(release) {
            Output.warning("\(release) has no effect: \(file) copies nothing of it")
        }
    }

    /// A plan for each platform.
    func split(in store: Store, allowsRun: Bool) throws -> [ContextPlan.Part] {
        let options = try planOptions(in: store, allowsRun: allowsRun)
        let inputs = try Self.inputs(releases, file: file, orDraft: draft, in: store)
        try checkMarks(in: store)
        let parts = try ContextPlan.split(
            releases: inputs.artifacts,
            dockerfile: inputs.dockerfile,
            path: file,
            options: options
        )
        if let plan = parts.first?.plan { Self.warnOfUnused(options, plan.dockerfile, file: file) }
        warnOfOthers(than: parts.flatMap(\.plan.platforms))
        warnOfUncopied(parts.flatMap(\.plan.files))
        try noteUnasked(options, in: store)
        return parts
    }

    private func noteUnasked(_ options: ContextPlan.Options, in store: Store) throws {
        guard options.platforms.isEmpty else { return }
        let artifacts = try releases.flatMap { try store.artifacts(of: $0, orDraft: draft) }
        let left = ContextPlan.unasked(Set(artifacts.compactMap(\.key.platform.platform))).sorted()
        guard !left.isEmpty else { return }
        Output.note(
            "bindery: nothing is made for \(left.map(\.description).joined(separator: ", ")) unless --platform names it"
        )
    }

    private func checkMarks(in store: Store) throws {
        try SealRule.check(releases, in: store, warn: Output.warning)
        try RevocationRule.check(releases, refusing: RevocationRule.building, in: store)
    }

    /// What ``Annotation/drafts`` is to say of an image of these releases.
    func drafts(in store: Store) throws -> String? {
        guard draft else { return nil }
        return try DraftUse.annotation(of: releases + contextReleases, in: store)
    }

    /// The releases that `--build-context` names.
    var contextReleases: [ReleaseKey] {
        buildContext.compactMap { if case .release(let release) = $0.content { release } else { nil } }
    }

    private func warnOfOthers(than platforms: [Platform]) {
        for (platform, key, _) in buildArg {
            guard let platform, !platforms.contains(platform) else { continue }
            Output.warning("--build-arg \(platform):\(key) has no effect: nothing is built for \(platform)")
        }
    }

    private func planOptions(
        in store: Store,
        allowsRun: Bool = false,
        carriesOutRun: Bool = false
    ) throws -> ContextPlan.Options {
        var options = ContextPlan.Options(naming: try readNaming())
        options.platforms = try platforms()
        options.allowsRun = allowsRun
        options.carriesOutRun = carriesOutRun
        options.keepsProblems = carriesOutRun
        options.target = target
        options.buildArguments = try buildArguments(in: store)
        options.contexts = try BuildContextOption.contexts(buildContext, orDraft: draft, in: store)
        options.drafts = try drafts(in: store)
        if draft, options.drafts == nil { Output.warning("--draft has no effect: none of the releases is a draft") }
        return options
    }

    /// The plan of releases and a Dockerfile.
    static func plan(
        _ releases: [ReleaseKey],
        file: String,
        orDraft: Bool = false,
        _ options: ContextPlan.Options,
        in store: Store
    ) throws -> ContextPlan {
        let inputs = try inputs(releases, file: file, orDraft: orDraft, in: store)
        let plan = try ContextPlan(
            releases: inputs.artifacts,
            dockerfile: inputs.dockerfile,
            path: file,
            options: options
        )
        warnOfUnused(options, plan.dockerfile, file: file)
        return plan
    }

    private static func inputs(
        _ releases: [ReleaseKey],
        file: String,
        orDraft: Bool,
        in store: Store
    ) throws -> (artifacts: [ReleaseKey: [Artifact]], dockerfile: [UInt8]) {
        var artifacts: [ReleaseKey: [Artifact]] = [:]
        for release in releases {
            let found = try store.artifacts(of: release, orDraft: orDraft)
            guard !found.isEmpty else { throw store.nothing(of: release) }
            artifacts[release] = found
        }
        return (artifacts, try DockerfileText.read(file))
    }

    private static func warnOfUnused(_ arguments: BuildArguments, _ dockerfile: Dockerfile, file: String) {
        for name in ContextPlan.unused(arguments, in: dockerfile) where !ReleaseFacts.arguments.contains(name) {
            Output.warning("--build-arg \(name) has no effect: \(file) has no ARG of that name")
        }
    }

    private static func warnOfUnused(_ options: ContextPlan.Options, _ dockerfile: Dockerfile, file: String) {
        if !options.carriesOutRun { warnOfUnused(options.buildArguments, dockerfile, file: file) }
        for name in options.contexts.unused(in: dockerfile) {
            Output.warning("--build-context \(name) has no effect: no FROM and no --from in \(file) names it")
        }
    }

    private func readNaming() throws(AssemblerError) -> NamingTemplate {
        do {
            return try NamingTemplate(parsing: naming ?? Project.current?.naming ?? NamingTemplate.standard)
        } catch {
            throw .naming(error)
        }
    }

    /// The time that files and images get: SOURCE_DATE_EPOCH, else 0.
    static func epoch() throws -> Int64 {
        guard let text = EnvironmentVariable.value("SOURCE_DATE_EPOCH") else { return 0 }
        guard let epoch = Int64(text), (0...maximumEpoch).contains(epoch) else {
            throw UsageError(description: "SOURCE_DATE_EPOCH is '\(text.prefix(64))': seconds since 1970 are expected")
        }
        return epoch
    }

    /// The last second that RFC 3339 can write, of the year 9999.
    static let maximumEpoch: Int64 = 253_402_300_799
}
