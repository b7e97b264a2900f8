import ContentAddress
import Dockerfile
import OCI

extension PlatformBuild {
    /// Carries out one instruction.
    func perform(
        _ instruction: Instruction,
        _ index: Int,
        _ state: inout StageState,
        _ states: [Int: StageState]
    ) throws(PlanProblem.Kind) {
        switch instruction.operation {
        case .run(let form): try run(form, instruction, &state)
        case .onbuild: throw .triggers
        case .from: break
        case .copy(let copy): try self.copy(copy, instruction, index, &state, states)
        case .add(let add): try self.add(add, instruction, &state)
        case .workdir(let path): try workdir(path, instruction, &state)
        default:
            do {
                try setMetadata(instruction, &state)
            } catch let error as DockerfileError {
                throw .invalid(error.problem)
            } catch let kind as PlanProblem.Kind {
                throw kind
            } catch {
                throw .failed("\(error)")
            }
        }
    }

    private func setMetadata(_ instruction: Instruction, _ state: inout StageState) throws {
        switch instruction.operation {
        case .arg(let definitions):
            let declared = try state.scope.declare(definitions, in: instruction)
            let texts = declared.map { $0.name + ($0.value.map { "=" + $0 } ?? "") }
            note("ARG " + texts.joined(separator: " "), &state)
        case .env(let assignments):
            let set = try state.scope.set(assignments, in: instruction)
            for (name, value) in set { state.setEnvironment(name, value) }
            note("ENV " + set.map { "\($0.name)=\($0.value)" }.joined(separator: " "), &state)
        case .label(let assignments):
            let set = try state.scope.expand(assignments, in: instruction)
            for (name, value) in set {
                state.execution.labels = (state.execution.labels ?? [:]).merging([name: value]) { $1 }
            }
            note("LABEL " + set.map { "\($0.name)=\($0.value)" }.joined(separator: " "), &state)
        case .user(let text):
            let user = try state.scope.expand(text, in: instruction)
            state.execution.user = user
            note("USER \(user)", &state)
        case .expose(let words):
            var ports: [String] = []
            for word in words {
                for text in try state.scope.expandWords(word, in: instruction) { ports += try PortRange.ports(text) }
            }
            for port in ports {
                state.execution.exposedPorts = (state.execution.exposedPorts ?? [:]).merging([port: .init()]) { $1 }
            }
            note("EXPOSE [\(ports.joined(separator: " "))]", &state)
        case .volume(let words):
            var volumes: [String] = []
            for word in words { volumes.append(try state.scope.expand(word, in: instruction)) }
            guard !volumes.contains("") else { throw PlanProblem.Kind.failed("a mount point is empty") }
            for volume in volumes {
                state.execution.volumes = (state.execution.volumes ?? [:]).merging([volume: .init()]) { $1 }
            }
            note("VOLUME [\(volumes.joined(separator: " "))]", &state)
        case .stopsignal(let text):
            let signal = try state.scope.expand(text, in: instruction)
            guard SignalName.isKnown(signal) else {
                throw PlanProblem.Kind.failed("'\(signal.prefix(64))' is no signal")
            }
            state.execution.stopSignal = signal
            note("STOPSIGNAL \(signal)", &state)
        case .maintainer(let name):
            state.author = name
            note("MAINTAINER \(name)", &state)
        default: setCommand(instruction, &state)
        }
    }

    private func setCommand(_ instruction: Instruction, _ state: inout StageState) {
        switch instruction.operation {
        case .cmd(let line):
            let words = state.words(line)
            state.execution.cmd = words.isEmpty ? nil : words
            state.execution.argsEscaped = true
            state.hasCommand = true
            note("CMD \(GoText.quoted(words))", &state)
        case .entrypoint(let line):
            let words = state.words(line)
            state.execution.entrypoint = words.isEmpty ? nil : words
            if !state.hasCommand { state.execution.cmd = nil }
            note("ENTRYPOINT \(GoText.quoted(words))", &state)
        case .shell(let words):
            state.execution.shell = words
            note("SHELL [\(words.joined(separator: " "))]", &state)
        case .healthcheck(let check):
            state.execution.healthcheck = ImageConfig.Healthcheck(check)
            note("HEALTHCHECK \(GoText.healthcheck(check))", &state)
        default: break
        }
    }

    /// Adds an entry without a layer to the history.
    func note(_ text: String, _ state: inout StageState) {
        state.history.append(
            ImageConfig.History(created: created, createdBy: text, comment: Self.comment, emptyLayer: true)
        )
    }

    /// Closes an instruction that may have changed files: a layer of what changed, and its entry in the history.
    func commit(_ text: String, _ state: inout StageState) {
        let entries = state.tree.takeChanges().compactMap { path in
            (state.tree[path] ?? .whiteout(at: path)).map { LayerPlan.Entry(path: path, node: $0) }
        }
        guard !entries.isEmpty else { return note(text, &state) }
        state.layers.append(.derived(LayerPlan(entries: entries, compression: compression)))
        state.history.append(ImageConfig.History(created: created, createdBy: text, comment: Self.comment))
    }

    /// The time in RFC 3339.
    var created: String { Timestamp(milliseconds: epoch * 1000).rfc3339 }

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

extension ImageConfig.Healthcheck {
    /// The config's form: what isn't set stays out.
    fileprivate init(_ check: Healthcheck) {
        func set<Number: BinaryInteger>(_ value: Number) -> Number? { value == 0 ? nil : value }
        self.init(
            test: check.test,
            interval: set(check.interval),
            timeout: set(check.timeout),
            startPeriod: set(check.startPeriod),
            startInterval: set(check.startInterval),
            retries: set(check.retries)
        )
    }
}
