import Dockerfile

/// The triggers of a base image (`ONBUILD`; Dockerfile reference): instructions that stand behind the `FROM` of the stage
/// that starts from it. No image that is built hands them on.
extension StageBuild {
    // No image has more layers.
    private static let mostTriggers = 127

    /// Carries out the triggers of the stage's base in their order; gives the first thing that keeps one from it.
    mutating func carryOutTriggers() -> PlanProblem? {
        let triggers = state.triggers
        state.triggers = []
        guard let name = state.base?.name, let first = triggers.first else { return nil }
        state.hadTriggers = true
        let from = instruction
        defer { instruction = from }
        func problem(_ trigger: String, _ kind: PlanProblem.Kind) -> PlanProblem {
            PlanProblem(
                lines: from.lines,
                instruction: from.keyword.rawValue,
                platforms: [],
                kind: .baseTrigger(image: name, trigger, kind)
            )
        }
        guard platform.derivation >= BaseDerivation.latest else {
            return problem(first, .failed("the first derivation carries out no trigger: leave --derivation out"))
        }
        guard triggers.count <= Self.mostTriggers else {
            return problem(first, .failed("it is one of \(triggers.count), and \(Self.mostTriggers) are carried out"))
        }
        state.needsSecondDerivation = true
        for trigger in triggers {
            do throws(PlanProblem.Kind) {
                do { instruction = try Instruction(trigger: trigger, of: from) } catch { throw .invalid(error) }
                try checkTrigger()
                try perform()
            } catch {
                return problem(trigger, error)
            }
        }
        return nil
    }

    /// Checks what a plan checks of the instructions of the file; what it would warn of is refused.
    private func checkTrigger() throws(PlanProblem.Kind) {
        if let name = state.scope.undeclared(in: instruction, knowsEnvironment: true).first {
            throw .failed("nothing sets '\(name.prefix(64))' before it")
        }
        switch instruction.operation {
        case .copy(let copy):
            guard copy.from ?? "" == "" else {
                throw .differing("engines differ in what --from leads to in a trigger")
            }
            if let problem = PlanCheck.problem(ofParentsIn: copy) { throw problem }
            try check(copy.files)
        case .add(let add): try check(add.files)
        case .run(let form):
            if let refusal = PlanCheck.refusal(of: form, instruction) { throw .runs(refusal) }
        case .arg, .cmd, .entrypoint, .env, .expose, .from, .healthcheck, .label, .maintainer, .onbuild, .shell,
            .stopsignal, .user, .volume, .workdir:
            break
        }
    }

    private func check(_ files: SourcesAndDestination) throws(PlanProblem.Kind) {
        for path in files.paths {
            let source = try expand(path)
            switch SourceKind(source) {
            case .address: throw .fetches(source: source)
            case .outside: throw .escapes(source: source)
            case .path(let path):
                let problem = platform.context?.problem(
                    of: path,
                    source: source,
                    keepsParents: instruction.keepsParents
                )
                if let problem { throw problem }
            }
        }
    }
}
