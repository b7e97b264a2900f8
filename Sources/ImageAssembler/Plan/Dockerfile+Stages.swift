import Dockerfile

extension Dockerfile {
    /// The stage that `--target` names: by its name, or its number from 0; the last one without a target.
    ///
    /// Nil where there is no such stage.
    func stage(named target: String?) -> Int? {
        guard let target else { return stages.indices.last }
        if let named = stages.lastIndex(where: { $0.from.name == target.lowercased() }) { return named }
        return Int(target).flatMap { stages.indices.contains($0) ? $0 : nil }
    }

    /// Whether the stage of an instruction declares an argument before it.
    func declares(_ argument: String, before instruction: Instruction) -> Bool {
        let line = instruction.lines.lowerBound
        let stage = stages.last { $0.instruction.lines.lowerBound < line }
        return stage?.instructions.contains { $0.lines.lowerBound < line && $0.declares(argument) } ?? false
    }

    /// The stages that a stage needs, itself included, each behind those that it needs: the others aren't built.
    func stages(
        neededBy target: Int,
        _ scope: BuildScope,
        _ contexts: NamedContexts
    ) throws(DockerfileError) -> [Int] {
        var needed: Set<Int> = []
        var rest = [target]
        while let index = rest.popLast() {
            guard needed.insert(index).inserted else { continue }
            let stage = stages[index]
            let name = try scope.expandGlobal(stage.from.base, in: stage.instruction)
            if case .stage(let base) = base(of: index, named: name, contexts) { rest.append(base) }
            for instruction in stage.instructions {
                for from in instruction.origins {
                    if case .stage(let origin) = origin(from, in: index, contexts) { rest.append(origin) }
                }
            }
        }
        return needed.sorted()
    }
}

extension Instruction {
    /// Whether it is an `ARG` of a name.
    func declares(_ argument: String) -> Bool {
        guard case .arg(let definitions) = operation else { return false }
        return definitions.contains { $0.name == argument }
    }

    /// What `COPY --from` and `RUN --mount=…,from=` name.
    var origins: [String] {
        switch operation {
        case .copy(let copy): return copy.from.map { [$0] } ?? []
        case .run:
            // The flags of RUN aren't kept: they are read again from its text.
            return source.split(separator: " ").filter { $0.hasPrefix("--mount=") }
                .flatMap { $0.split(separator: ",") }
                .filter { $0.hasPrefix("from=") || $0.hasPrefix("--mount=from=") }
                .compactMap { $0.split(separator: "=").last.map(String.init) }
        case .add, .arg, .cmd, .entrypoint, .env, .expose, .from, .healthcheck, .label, .maintainer, .onbuild, .shell,
            .stopsignal, .user, .volume, .workdir:
            return []
        }
    }
}
