import Archive
import ArtifactStore
import ContentAddress
import Dockerfile
import OCI

/// Carries out a Dockerfile for one platform: a pure function of the file, the context, the arguments and the bases.
struct PlatformBuild {
    let dockerfile: Dockerfile
    let platform: Platform
    /// The released files under the names that this platform's build sees.
    let context: ContextTrees?
    /// The files of the releases that have names of their own, by name.
    let released: [String: ContextTrees]
    /// Images and releases under names of their own.
    let contexts: NamedContexts
    /// The number of the stage to build.
    let target: Int
    let buildArguments: [String: String]
    /// The time of all that is made, in seconds since 1970.
    let epoch: Int64
    let compression: CompressionRecipe
    /// By which derivation's rules a base is taken.
    let derivation: Int
    /// What the plan refused: these instructions aren't carried out.
    let refused: [PlanProblem]
    let inputs: any BuildInputs

    /// What keeps a platform's image from being built, in the order of the file.
    struct Failure: Error {
        let problems: [PlanProblem]
    }

    /// Builds the target, and the stages it needs.
    func run() throws(Failure) -> StageState {
        var problems: [PlanProblem] = []
        do throws(PlanProblem) {
            let state = try run(&problems)
            if problems.isEmpty { return state }
        } catch  where !isRefused(error.lines) {
            problems.append(error)
        } catch {}
        throw Failure(problems: problems)
    }

    private func isRefused(_ lines: ClosedRange<Int>) -> Bool { refused.contains { $0.lines == lines } }

    private func run(_ problems: inout [PlanProblem]) throws(PlanProblem) -> StageState {
        let scope: BuildScope
        let needed: [Int]
        do {
            scope = try BuildScope(
                dockerfile,
                platform: platform,
                target: dockerfile.stages[target].from.name,
                buildArguments: buildArguments
            )
            needed = try dockerfile.stages(neededBy: target, scope, contexts)
        } catch {
            throw PlanProblem(error)
        }
        var states: [Int: StageState] = [:]
        for index in needed { states[index] = try build(index, scope, states: states, &problems) }
        guard var state = states[target] else {
            throw PlanProblem(DockerfileError(lines: 1...1, problem: .noStage))
        }
        state.hadTriggers = states.values.contains(where: \.hadTriggers)
        if let dispute = state.tree.disputes.first(where: \.isReading) {
            throw PlanProblem(
                lines: dockerfile.stages[target].instruction.lines,
                instruction: "FROM",
                platforms: [platform],
                kind: .ambiguousSource("the base image has two readings at '\(dispute.shown)': \(dispute.reason)")
            )
        }
        return state
    }

    private func baseName(of stage: Stage, _ scope: BuildScope) throws(PlanProblem) -> String {
        do {
            return try scope.expandGlobal(stage.from.base, in: stage.instruction)
        } catch {
            throw PlanProblem(error)
        }
    }

    private func build(
        _ index: Int,
        _ scope: BuildScope,
        states: [Int: StageState],
        _ problems: inout [PlanProblem]
    ) throws(PlanProblem) -> StageState {
        let stage = dockerfile.stages[index]
        var build = StageBuild(
            platform: self,
            index: index,
            earlier: states,
            instruction: stage.instruction,
            state: try start(index, scope, states: states)
        )
        if let problem = build.carryOutTriggers() { problems.append(problem) }
        for instruction in stage.instructions where !isRefused(instruction.lines) {
            build.instruction = instruction
            do throws(PlanProblem.Kind) {
                try build.perform()
            } catch {
                // What comes behind a failure may fail because of it, unless its text alone says so.
                let line = instruction.lines.lowerBound
                let isFirst = problems.isEmpty && !refused.contains { $0.lines.lowerBound < line }
                guard isFirst || error.isOfItself(in: instruction.operation) else { continue }
                problems.append(
                    PlanProblem(
                        lines: instruction.lines,
                        instruction: instruction.keyword.rawValue,
                        platforms: [],
                        kind: error
                    )
                )
            }
        }
        return build.state
    }

    private func start(
        _ index: Int,
        _ scope: BuildScope,
        states: [Int: StageState]
    ) throws(PlanProblem) -> StageState {
        let stage = dockerfile.stages[index]
        let name = try baseName(of: stage, scope)
        do throws(PlanProblem.Kind) {
            switch dockerfile.base(of: index, named: name, contexts) {
            case .scratch:
                var state = StageState(scope: scope.stage())
                state.setPath()
                return state
            case .stage(let base):
                guard var state = states[base] else { throw .noStage(name) }
                state.hasCommand = false
                return state
            case .release(let name): throw .releaseAsBase(name)
            case .image(let name):
                let base = try inputs.base(name, for: try scope.platform(of: stage) ?? platform)
                var state = StageState(base, scope, derivation: derivation)
                state.setPath()
                return state
            }
        } catch {
            throw PlanProblem(lines: stage.instruction.lines, instruction: "FROM", platforms: [platform], kind: error)
        }
    }
}

extension PlanProblem.Kind {
    /// Whether the instruction fails whatever the files of the stage are.
    fileprivate func isOfItself(in operation: Operation) -> Bool {
        switch (self, operation) {
        case (.runs(.fails), _), (.runs(.circumstances), _): false
        case (.runs, _): true
        case (_, .copy), (_, .add), (_, .workdir), (_, .user), (_, .from): false
        default: true
        }
    }
}
