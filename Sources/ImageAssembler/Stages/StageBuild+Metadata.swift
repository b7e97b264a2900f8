import Dockerfile
import OCI

/// The instructions that change the config alone.
extension StageBuild {
    mutating func arg(_ definitions: [ArgumentDefinition]) throws(PlanProblem.Kind) {
        let declared = try expanding { scope, instruction throws(DockerfileError) in
            try scope.declare(definitions, in: instruction)
        }
        let texts = declared.map { $0.name + ($0.value.map { "=" + $0 } ?? "") }
        note("ARG " + texts.joined(separator: " "))
    }

    mutating func env(_ assignments: [Assignment]) throws(PlanProblem.Kind) {
        let set = try expanding { scope, instruction throws(DockerfileError) in
            try scope.set(assignments, in: instruction)
        }
        for (name, value) in set { state.setEnvironment(name, value) }
        note("ENV " + set.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
    }

    mutating func label(_ assignments: [Assignment]) throws(PlanProblem.Kind) {
        let set = try expanding { scope, instruction throws(DockerfileError) in
            try scope.expand(assignments, in: instruction)
        }
        for (name, value) in set {
            state.execution.labels = (state.execution.labels ?? [:]).merging([name: value]) { $1 }
        }
        note("LABEL " + set.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
    }

    mutating func user(_ text: String) throws(PlanProblem.Kind) {
        let user = try expand(text)
        state.execution.user = user
        note("USER \(user)")
    }

    mutating func expose(_ words: [String]) throws(PlanProblem.Kind) {
        let ports = try state.scope.ports(words, in: instruction)
        for port in ports {
            state.execution.exposedPorts = (state.execution.exposedPorts ?? [:]).merging([port: .init()]) { $1 }
        }
        note("EXPOSE [\(ports.joined(separator: " "))]")
    }

    mutating func volume(_ words: [String]) throws(PlanProblem.Kind) {
        let volumes = try state.scope.mountPoints(words, in: instruction)
        for volume in volumes {
            state.execution.volumes = (state.execution.volumes ?? [:]).merging([volume: .init()]) { $1 }
        }
        note("VOLUME [\(volumes.joined(separator: " "))]")
    }

    mutating func stopSignal(_ text: String) throws(PlanProblem.Kind) {
        let signal = try state.scope.stopSignal(text, in: instruction)
        state.execution.stopSignal = signal
        note("STOPSIGNAL \(signal)")
    }

    mutating func command(_ line: CommandForm) {
        let words = state.words(line)
        state.execution.cmd = words.isEmpty ? nil : words
        state.execution.argsEscaped = true
        state.hasCommand = true
        note("CMD \(GoText.quoted(words))")
    }

    mutating func entrypoint(_ line: CommandForm) {
        let words = state.words(line)
        state.execution.entrypoint = words.isEmpty ? nil : words
        if !state.hasCommand { state.execution.cmd = nil }
        note("ENTRYPOINT \(GoText.quoted(words))")
    }

    private mutating func expanding<Result>(
        _ body: (inout BuildScope, Instruction) throws(DockerfileError) -> Result
    ) throws(PlanProblem.Kind) -> Result {
        do throws(DockerfileError) {
            return try body(&state.scope, instruction)
        } catch {
            throw .invalid(error.problem)
        }
    }
}

extension ImageConfig.Healthcheck {
    /// The config's form: what isn't set stays out.
    init(_ check: Healthcheck) {
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
