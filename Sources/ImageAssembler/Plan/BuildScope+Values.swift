import Dockerfile
import OCI

/// What instructions say once their variables have values, as far as no file matters: for contexts and for builds alike.
extension BuildScope {
    /// Evaluates an instruction for what an engine refuses in it.
    ///
    /// Throws ``PlanProblem/Kind/differing(_:)`` for what engines take, each in its own way.
    func check(_ instruction: Instruction) throws(PlanProblem.Kind) {
        switch instruction.operation {
        case .copy(let copy):
            if let from = copy.from { try checkFixed(from) }
            _ = try mode(copy.mode, in: instruction)
            try checkOwner(copy.owner, in: instruction)
            _ = try text(copy.files.destination, in: instruction)
        case .add(let add):
            let sources = try add.files.paths.map { path throws(PlanProblem.Kind) in try text(path, in: instruction) }
            if add.checksum != nil, sources.contains(where: { SourceKind($0) != .address }) {
                throw .failed("--checksum is for addresses: leave it out, the store knows its files by their digests")
            }
            _ = try mode(add.mode, in: instruction)
            try checkOwner(add.owner, in: instruction)
            _ = try text(add.files.destination, in: instruction)
        case .arg(let definitions): try checkUnset(definitions, in: instruction)
        case .expose(let words): _ = try ports(words, in: instruction)
        case .stopsignal(let signal): _ = try stopSignal(signal, in: instruction)
        case .user(let text), .workdir(let text): _ = try self.text(text, in: instruction)
        case .volume(let words): _ = try mountPoints(words, in: instruction)
        case .cmd, .entrypoint, .env, .from, .healthcheck, .label, .maintainer, .onbuild, .run, .shell: break
        }
    }

    /// A text with its variables expanded.
    func text(_ text: String, in instruction: Instruction) throws(PlanProblem.Kind) -> String {
        do {
            return try expand(text, in: instruction)
        } catch {
            throw .invalid(error.problem)
        }
    }

    /// The mode that `--chmod` gives, with its text; nil where there is none.
    func mode(_ text: String?, in instruction: Instruction) throws(PlanProblem.Kind) -> (text: String, mode: CopyMode)?
    {
        guard let text else { return nil }
        let written = try self.text(text, in: instruction)
        guard !written.isEmpty else { return nil }
        guard let mode = CopyMode(written) else {
            guard ModeChange(written) == nil else {
                throw .differing(
                    "engines differ in --chmod=\(written.prefix(64)): give octal digits, or changes such as u=rwX,go=rX"
                )
            }
            throw .failed(
                "--chmod=\(written.prefix(64)) is not a mode: write octal digits up to 07777, or changes such as u=rwX,go=rX"
            )
        }
        return (written, mode)
    }

    /// The ports of `EXPOSE`, `8080/tcp`.
    func ports(_ words: [String], in instruction: Instruction) throws(PlanProblem.Kind) -> [String] {
        var ports: [String] = []
        for word in words {
            let texts: [String]
            do { texts = try expandWords(word, in: instruction) } catch { throw .invalid(error.problem) }
            for text in texts { ports += try PortRange.ports(text) }
        }
        return ports
    }

    /// The mount points of `VOLUME`.
    func mountPoints(_ words: [String], in instruction: Instruction) throws(PlanProblem.Kind) -> [String] {
        let volumes = try words.map { word throws(PlanProblem.Kind) in try text(word, in: instruction) }
        guard !volumes.contains("") else { throw .failed("a mount point is empty") }
        return volumes
    }

    /// The signal of `STOPSIGNAL`, as it is written.
    func stopSignal(_ text: String, in instruction: Instruction) throws(PlanProblem.Kind) -> String {
        let signal = try self.text(text, in: instruction)
        guard !SignalName.isKnown(signal) else { return signal }
        let text = "'\(signal.prefix(64))' is not a signal"
        // Engines take any number, which no container gets.
        throw Int32(signal).map { $0 != 0 } == true ? .differing(text) : .failed(text)
    }

    /// The platform that `FROM --platform=` names; nil where there is none.
    func platform(of stage: Stage) throws(PlanProblem.Kind) -> Platform? {
        guard let written = stage.from.platform else { return nil }
        let text: String
        do { text = try expandGlobal(written, in: stage.instruction) } catch { throw .invalid(error.problem) }
        guard !text.isEmpty else { throw .failed("--platform=\(written.prefix(64)) is empty: write linux/amd64") }
        do {
            return try Platform(parsing: text)
        } catch {
            // Engines add what is missing of the machine that they run on.
            throw text.contains("/") ? .failed("--platform: \(error)") : .differing("--platform: \(error)")
        }
    }

    private func checkOwner(_ owner: String?, in instruction: Instruction) throws(PlanProblem.Kind) {
        let written = try text(owner ?? "", in: instruction)
        // To BuildKit that is the group 0, and to buildah the user's.
        guard written.hasSuffix(":") else { return }
        throw .differing("--chown=\(written.prefix(64)): engines differ in whose group it is: name the group, too")
    }

    // BuildKit refuses what an expansion would change; buildah expands it.
    private func checkFixed(_ from: String) throws(PlanProblem.Kind) {
        guard (try? ShellLexer().expand(from, [:]).text) != from else { return }
        throw .failed(
            "--from=\(from.prefix(128)): variables have no values here: name a stage, 'FROM \(from.prefix(128)) AS source' with "
                + "ARG before the first FROM, and copy from that"
        )
    }

    // The other value goes to no image that stands on this stage: ENV stays.
    private func checkUnset(_ definitions: [ArgumentDefinition], in instruction: Instruction) throws(PlanProblem.Kind) {
        var scope = self
        let declared: [(name: String, value: String?)]
        do { declared = try scope.declare(definitions, in: instruction) } catch { throw .invalid(error.problem) }
        for (name, value) in declared where value.map({ scope.variables[name] != $0 }) == true {
            throw .differing(
                "ENV sets '\(name.prefix(64))' to something else before this ARG, and engines differ in which of the two "
                    + "counts: give one of them another name"
            )
        }
    }
}
