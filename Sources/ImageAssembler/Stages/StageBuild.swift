import ContentAddress
import Dockerfile
import OCI

/// Carries out the instructions of one stage, one after the other.
struct StageBuild {
    /// The build that the stage is part of.
    let platform: PlatformBuild
    /// The stage's number.
    let index: Int
    /// What the stages before it have come to, by their numbers.
    let earlier: [Int: StageState]
    /// The instruction that is carried out.
    var instruction: Instruction
    /// What the stage has come to so far.
    var state: StageState

    /// Carries out the instruction.
    mutating func perform() throws(PlanProblem.Kind) {
        try state.scope.check(instruction)
        switch instruction.operation {
        case .from: break
        case .onbuild: throw .triggers
        case .run(let form): try run(form)
        case .copy(let copy): try self.copy(copy)
        case .add(let add): try self.add(add)
        case .workdir(let path): try workdir(path)
        case .arg(let definitions): try arg(definitions)
        case .env(let assignments): try env(assignments)
        case .label(let assignments): try label(assignments)
        case .user(let text): try user(text)
        case .expose(let words): try expose(words)
        case .volume(let words): try volume(words)
        case .stopsignal(let text): try stopSignal(text)
        case .maintainer(let name):
            state.author = name
            note("MAINTAINER \(name)")
        case .cmd(let line): command(line)
        case .entrypoint(let line): entrypoint(line)
        case .shell(let words):
            state.execution.shell = words
            note("SHELL [\(words.joined(separator: " "))]")
        case .healthcheck(let check):
            state.execution.healthcheck = ImageConfig.Healthcheck(check)
            note("HEALTHCHECK \(GoText.healthcheck(check))")
        }
    }

    /// Adds an entry without a layer to the history.
    mutating func note(_ text: String) {
        state.history.append(
            ImageConfig.History(created: created, createdBy: text, comment: Self.comment, emptyLayer: true)
        )
    }

    /// Closes an instruction that may have changed files: a layer of what changed, and its entry in the history.
    mutating func commit(_ text: String) {
        let entries = state.tree.takeChanges().compactMap { path in
            (state.tree[path] ?? .whiteout(at: path)).map { LayerPlan.Entry(path: path, node: $0) }
        }
        guard !entries.isEmpty else { return note(text) }
        state.layers.append(.derived(LayerPlan(entries: entries, compression: platform.compression)))
        state.history.append(ImageConfig.History(created: created, createdBy: text, comment: Self.comment))
    }

    /// The time in RFC 3339.
    var created: String { Timestamp(milliseconds: platform.epoch * 1000).rfc3339 }

    private static let comment = "bindery.dockerfile.v1"
}

extension StageState {
    /// The program and its arguments: the shell leads its lines.
    func words(_ line: CommandForm) -> [String] {
        switch line {
        case .exec(let words): words
        case .shell(let text): (execution.shell ?? ["/bin/sh", "-c"]) + [text]
        }
    }
}
