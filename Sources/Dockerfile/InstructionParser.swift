/// Makes an instruction of its text.
struct InstructionParser {
    let escape: Unicode.Scalar

    /// Parses an instruction, reading its here-documents from the lines that follow.
    func parse(_ line: LogicalLine, _ lines: inout SourceLines) throws(DockerfileError) -> Instruction {
        let text = InstructionText(line.text, escape: escape)
        do throws(DockerfileError.Problem) {
            guard let keyword = Keyword(word: text.keyword) else { throw unknown(text.keyword) }
            let heredocs = try heredocs(of: keyword, text, in: line.text, &lines)
            let operation = try operation(keyword, text, heredocs)
            return Instruction(
                lines: line.start...lines.number,
                keyword: keyword,
                source: line.text.trimmed,
                flags: text.flags.map { String($0.dropFirst(2).prefix { $0 != "=" }) },
                operation: operation
            )
        } catch {
            throw DockerfileError(
                lines: line.start...lines.number,
                instruction: Keyword(word: text.keyword)?.rawValue,
                problem: error
            )
        }
    }

    private func unknown(_ word: String) -> DockerfileError.Problem {
        .unknownInstruction(word, nearest: Suggestion.nearest(to: word, in: Keyword.allCases.map(\.rawValue)))
    }

    // ADD, COPY and RUN may hold here-documents, and ONBUILD of these; their JSON form doesn't.
    private func heredocs(
        of keyword: Keyword,
        _ text: InstructionText,
        in line: String,
        _ lines: inout SourceLines
    ) throws(DockerfileError.Problem) -> [Heredoc] {
        var inner = (keyword: Optional(keyword), arguments: text.arguments)
        if keyword == .onbuild {
            let trigger = InstructionText(text.arguments, escape: escape)
            inner = (Keyword(word: trigger.keyword), trigger.arguments)
        }
        guard [.add, .copy, .run].contains(inner.keyword) else { return [] }
        if case .strings = JSONStringArray.read(inner.arguments) { return [] }
        var heredocs: [Heredoc]
        do {
            heredocs = try Heredoc.announced(in: line)
        } catch {
            throw .malformedHeredoc(error)
        }
        for index in heredocs.indices { try lines.read(&heredocs[index]) }
        return heredocs
    }

    private func operation(
        _ keyword: Keyword,
        _ text: InstructionText,
        _ heredocs: [Heredoc]
    ) throws(DockerfileError.Problem) -> Operation {
        switch keyword {
        case .add: return .add(try add(text, heredocs))
        case .copy: return .copy(try copy(text, heredocs))
        case .from: return .from(try from(text))
        case .healthcheck: return .healthcheck(try healthcheck(text))
        case .onbuild: return try onbuild(text, heredocs)
        case .run:
            try checkRunFlags(text)
            return .run(try run(text.arguments, heredocs))
        default: break
        }
        _ = try InstructionFlags(text.flags, known: [:])
        switch keyword {
        case .arg: return .arg(try definitions(text.arguments))
        case .cmd: return .cmd(try settingLine(text, .cmd))
        case .entrypoint: return .entrypoint(try settingLine(text, .entrypoint))
        case .env: return .env(try assignments(text.arguments, keyword))
        case .label: return .label(try assignments(text.arguments, keyword))
        case .expose:
            return .expose(try words(text.arguments, keyword).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        case .maintainer: return .maintainer(try one(text.arguments, keyword))
        case .stopsignal: return .stopsignal(try one(text.arguments, keyword))
        case .user: return .user(try one(text.arguments, keyword))
        case .workdir: return .workdir(try one(text.arguments, keyword))
        case .shell: return .shell(try shell(text.arguments))
        default: return .volume(try volumes(text.arguments))
        }
    }
}
