import ArtifactStore
import Dockerfile
import OCI
import Release

/// Walks through a Dockerfile for one platform after the other, and collects what doesn't fit.
struct PlanCheck {
    let dockerfile: Dockerfile
    /// The number of the stage that is built.
    let target: Int
    let options: ContextPlan.Options
    /// What the sources lead to, in the order of the file.
    private(set) var reaches: [ContextReach] = []
    /// Whether some sources can't be told, so that each may be any file.
    private(set) var isOpen = false
    /// The images that the stages start from.
    private(set) var bases: [PlannedBase] = []
    private var names: ContextNames?
    private var released: [String: ContextNames] = [:]
    private var errors: [(PlanProblem, Platform)] = []
    private var warnings: [(PlanProblem, Platform)] = []

    init(dockerfile: Dockerfile, target: Int, options: ContextPlan.Options) {
        self.dockerfile = dockerfile
        self.target = target
        self.options = options
    }

    /// Checks the file for a platform, whose build sees these names, and those of releases under names of their own.
    mutating func run(for platform: Platform, _ names: ContextNames, _ released: [String: ContextNames]) {
        self.names = names
        self.released = released
        do throws(DockerfileError) {
            let scope = try BuildScope(
                dockerfile,
                platform: platform,
                target: dockerfile.stages[target].from.name,
                buildArguments: options.buildArguments.values(for: platform)
            )
            var scopes: [Int: BuildScope] = [:]
            var ownEnvironments: [Int: Bool] = [:]
            checkTarget(dockerfile.stages[target], platform)
            for index in try dockerfile.stages(neededBy: target, scope, options.contexts) {
                let stage = dockerfile.stages[index]
                let name = try scope.expandGlobal(stage.from.base, in: stage.instruction)
                if name.isEmpty {
                    throw stage.instruction.error(.argumentCount(expected: "FROM \(stage.from.base) names no image"))
                }
                checkPlatform(stage, scope, platform)
                var stageScope = scope.stage()
                var knowsEnvironment = true
                switch dockerfile.base(of: index, named: name, options.contexts) {
                case .scratch: break
                case .stage(let base):
                    stageScope = scopes[base] ?? stageScope
                    knowsEnvironment = ownEnvironments[base] ?? false
                case .image(let name):
                    knowsEnvironment = false
                    checkImage(name, stage.instruction, platform)
                    let own = (try? scope.platform(of: stage)) ?? platform
                    bases.append(PlannedBase(name: name, from: stage.instruction, platform: own, target: platform))
                case .release(let name):
                    report(.releaseAsBase(name), stage.instruction, platform, isAllowed: false)
                }
                for instruction in stage.instructions {
                    try check(instruction, index, &stageScope, knowsEnvironment: knowsEnvironment, platform)
                }
                scopes[index] = stageScope
                ownEnvironments[index] = knowsEnvironment
            }
        } catch {
            errors.append((PlanProblem(error), platform))
        }
    }

    // The image's platform is the one that is asked for; a base of a fixed platform is seldom meant there.
    private mutating func checkTarget(_ stage: Stage, _ platform: Platform) {
        if let name = stage.from.name, options.contexts.name(name) != nil {
            report(.replacedTarget(name), stage.instruction, platform, isAllowed: false)
        }
        guard let text = stage.from.platform, !text.contains("$") else { return }
        report(.fixedPlatform(text), stage.instruction, platform, isAllowed: true)
    }

    // A name that an engine can't read; of digests by other algorithms than ours, and of hosts in capital letters, it may
    // know more.
    private mutating func checkImage(_ name: String, _ instruction: Instruction, _ platform: Platform) {
        let host = name.contains("/") ? name.prefix { $0 != "/" } : ""
        guard !name.contains("@") || name.contains("@sha256:"), !host.contains(where: \.isUppercase) else { return }
        do {
            _ = try ImageReference(parsing: name)
        } catch {
            report(.failed("the base image '\(name.prefix(256))': \(error)"), instruction, platform, isAllowed: false)
        }
    }

    private mutating func checkPlatform(_ stage: Stage, _ scope: BuildScope, _ platform: Platform) {
        do throws(PlanProblem.Kind) {
            _ = try scope.platform(of: stage)
        } catch {
            report(error, stage.instruction, platform, isAllowed: error.isTakenByEngines && !options.carriesOutRun)
        }
    }

    private mutating func check(
        _ instruction: Instruction,
        _ stage: Int,
        _ scope: inout BuildScope,
        knowsEnvironment: Bool,
        _ platform: Platform
    ) throws(DockerfileError) {
        for name in scope.undeclared(in: instruction, knowsEnvironment: knowsEnvironment) {
            report(.undeclared(name), instruction, platform, isAllowed: true)
        }
        // A variable of a base image that isn't looked at here may say it: the engine will tell.
        let isCertain = knowsEnvironment || !scope.dependsOnBase(instruction.source)
        if isCertain {
            do throws(PlanProblem.Kind) {
                try scope.check(instruction)
            } catch {
                report(error, instruction, platform, isAllowed: error.isTakenByEngines && !options.carriesOutRun)
            }
        }
        switch instruction.operation {
        case .arg(let definitions) where isCertain: _ = try scope.declare(definitions, in: instruction)
        case .env(let assignments) where isCertain: _ = try scope.set(assignments, in: instruction)
        case .label(let assignments) where isCertain: _ = try scope.expand(assignments, in: instruction)
        case .run(let form):
            // What a mount brings in may be any file.
            if instruction.flags.contains("mount") { isOpen = true }
            guard options.carriesOutRun else {
                report(.runs(nil), instruction, platform, isAllowed: options.allowsRun)
                break
            }
            if let refusal = Self.refusal(of: form, instruction) {
                report(.runs(refusal), instruction, platform, isAllowed: false)
            }
        case .onbuild: report(.triggers, instruction, platform, isAllowed: options.allowsRun)
        case .copy(let copy):
            if let problem = Self.problem(ofParentsIn: copy) {
                report(problem, instruction, platform, isAllowed: false)
            }
            guard let origin = dockerfile.origin(copy.from, in: stage, options.contexts) else {
                return report(.noStage(copy.from ?? ""), instruction, platform, isAllowed: false)
            }
            switch origin {
            case .context: try check(copy.files, instruction, nil, scope, knowsEnvironment: knowsEnvironment, platform)
            case .release(let name):
                try check(copy.files, instruction, name, scope, knowsEnvironment: knowsEnvironment, platform)
            case .image(let name) where !name.contains("$"): checkImage(name, instruction, platform)
            case .image, .stage: break
            }
        case .add(let add):
            try check(add.files, instruction, nil, scope, knowsEnvironment: knowsEnvironment, platform)
        case .arg, .cmd, .entrypoint, .env, .expose, .from, .healthcheck, .label, .maintainer, .shell, .stopsignal,
            .user, .volume, .workdir:
            break
        }
    }

    /// What keeps `--parents` from being one thing to all engines.
    static func problem(ofParentsIn copy: CopyOperation) -> PlanProblem.Kind? {
        func isMixed(_ name: Substring) -> Bool { name.contains("**") && name != "**" }
        guard copy.keepsParents,
            let path = copy.files.paths.first(where: { $0.split(separator: "/").contains(where: isMixed) })
        else { return nil }
        return .failed(
            "'\(path.prefix(128))': with --parents, '**' stands for any number of directories where it is a name of its "
                + "own, as in 'docs/**/*.md': write '*' for a part of a name"
        )
    }

    /// Why a RUN can't be carried out, as far as its text tells.
    static func refusal(of form: CommandForm, _ instruction: Instruction) -> RunRefusal? {
        if let flag = instruction.flags.first { return .circumstances("--\(flag) needs an engine") }
        guard let text = form.shellLine else {
            guard case .exec(let words) = form else { return nil }
            return words.isEmpty ? .form("RUN", reason: "its list is empty") : refusal(of: [words])
        }
        do {
            let commands = try ShellLine(parsing: text).certainCommands
            // Names and arguments that only the line's turn tells are left out.
            if commands.contains(where: { $0.words.contains(where: \.hasBrackets) }) {
                return .needsShell("a pattern ('[')")
            }
            return refusal(of: commands.map { $0.words.map { $0.literal ?? "" } }.filter { $0.first != "" })
        } catch {
            // What can't run anyway is the better reason.
            return refusal(of: roughCommands(text)) ?? RunRefusal(error)
        }
    }

    /// What is said of the first command that isn't known, with the arguments of all commands of its name.
    private static func refusal(of commands: [[String]]) -> RunRefusal? {
        guard let name = commands.compactMap(\.first).first(where: { RunCommand(named: $0) == nil }) else {
            return nil
        }
        return .command(name, arguments: commands.filter { $0.first == name }.flatMap { $0.dropFirst() })
    }

    private static let reserved: Set = ["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"]

    // For advice alone: a line that isn't understood whole is cut where commands may end.
    private static func roughCommands(_ text: String) -> [[String]] {
        text.split { "&;|\n".contains($0) }
            .map { $0.split { $0 == " " || $0 == "\t" }.map(String.init).drop { reserved.contains($0) }.map { $0 } }
            .filter { $0.first?.first?.isLetter == true && $0.first?.contains("=") == false }
            .filter { !["fi", "done", "esac", "for", "case"].contains($0.first) }
    }

    private mutating func check(
        _ sources: SourcesAndDestination,
        _ instruction: Instruction,
        _ context: String?,
        _ scope: BuildScope,
        knowsEnvironment: Bool,
        _ platform: Platform
    ) throws(DockerfileError) {
        // What a base image sets may be missing here.
        for heredoc in sources.heredocs where knowsEnvironment {
            do throws(PlanProblem.Kind) {
                _ = try scope.expandHeredoc(heredoc, in: instruction)
            } catch {
                report(error, instruction, platform, isAllowed: false)
            }
        }
        for (position, path) in sources.paths.enumerated() {
            // A variable of a base image that isn't looked at here may name the file: the engine will tell.
            if !knowsEnvironment, scope.hasUnset(path) {
                isOpen = true
                continue
            }
            let source = try scope.expand(path, in: instruction)
            guard let match = check(source: source, in: context, instruction, platform) else { continue }
            reaches.append(
                ContextReach(
                    instruction: instruction,
                    context: context,
                    position: position,
                    source: source,
                    platform: platform,
                    variable: scope.value(
                        of: DockerfileEdit.variable,
                        isDeclared: dockerfile.declares(DockerfileEdit.variable, before: instruction)
                    ),
                    match: match
                )
            )
        }
    }

    /// What a source of the context, or of a release under a name, leads to; nil when it is something else, or was reported.
    private mutating func check(
        source: String,
        in context: String?,
        _ instruction: Instruction,
        _ platform: Platform
    ) -> ContextNames.Match? {
        switch SourceKind(source) {
        case .address:
            report(
                .fetches(source: source),
                instruction,
                platform,
                isAllowed: options.allowsRun && instruction.keyword == .add
            )
        case .outside:
            report(.escapes(source: source), instruction, platform, isAllowed: false)
        case .path(let path):
            let names = context.map { released[$0] } ?? names
            guard let found = names?.look(up: path, of: source, keepsParents: instruction.keepsParents) else {
                report(.badPattern(source: source), instruction, platform, isAllowed: false)
                return nil
            }
            for (kind, isAllowed) in found.problems { report(kind, instruction, platform, isAllowed: isAllowed) }
            return found.match
        }
        return nil
    }

    private mutating func report(
        _ kind: PlanProblem.Kind,
        _ instruction: Instruction,
        _ platform: Platform,
        isAllowed: Bool
    ) {
        let problem = PlanProblem(
            lines: instruction.lines,
            instruction: instruction.keyword.rawValue,
            platforms: [],
            kind: kind
        )
        if isAllowed { warnings.append((problem, platform)) } else { errors.append((problem, platform)) }
    }

    /// What was found, each thing once, with the platforms it came up for unless those are all.
    func results(allPlatforms: [Platform]) -> (errors: [PlanProblem], warnings: [PlanProblem]) {
        (Self.merge(errors, allPlatforms), Self.merge(warnings, allPlatforms))
    }

    static func merge(_ found: [(PlanProblem, Platform)], _ all: [Platform]) -> [PlanProblem] {
        var merged: [PlanProblem] = []
        for (problem, platform) in found {
            if let index = merged.firstIndex(where: { $0.lines == problem.lines && $0.kind == problem.kind }) {
                if !merged[index].platforms.contains(platform) { merged[index].platforms.append(platform) }
            } else {
                var problem = problem
                problem.platforms = [platform]
                merged.append(problem)
            }
        }
        for index in merged.indices where merged[index].platforms.count == all.count { merged[index].platforms = [] }
        return merged.sorted { $0.lines.lowerBound < $1.lines.lowerBound }
    }
}

/// An image that a stage starts from.
struct PlannedBase: Sendable {
    let name: String
    /// The stage's `FROM`.
    let from: Instruction
    /// The platform that the image is wanted for.
    let platform: Platform
    /// The platform that is built.
    let target: Platform
}

extension PlanProblem {
    /// What keeps an instruction from being evaluated.
    init(_ error: DockerfileError) {
        self.init(
            lines: error.lines,
            instruction: error.instruction ?? "Dockerfile",
            platforms: [],
            kind: .invalid(error.problem)
        )
    }
}
