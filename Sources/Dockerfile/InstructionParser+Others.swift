import Printable

extension InstructionParser {
    func healthcheck(_ text: InstructionText) throws(DockerfileError.Problem) -> Healthcheck {
        let (word, rest) = WordSplitter.splitOnce(text.arguments) ?? (text.arguments, "")
        switch word.uppercased() {
        case "":
            throw .argumentCount(expected: "HEALTHCHECK needs NONE, or CMD and a command")
        case "NONE":
            guard rest.isEmpty else { throw .argumentCount(expected: "HEALTHCHECK NONE takes no arguments") }
            _ = try InstructionFlags(text.flags, known: [:])
            return Healthcheck(test: ["NONE"])
        case "CMD":
            let flags = try InstructionFlags(
                text.flags,
                known: [
                    "interval": .string, "timeout": .string, "start-period": .string, "start-interval": .string,
                    "retries": .string,
                ]
            )
            return Healthcheck(
                test: try test(rest),
                interval: try duration("interval", flags),
                timeout: try duration("timeout", flags),
                startPeriod: try duration("start-period", flags),
                startInterval: try duration("start-interval", flags),
                retries: try retries(flags)
            )
        default:
            throw .unknownHealthcheck(word)
        }
    }

    private func test(_ text: String) throws(DockerfileError.Problem) -> [String] {
        switch try commandLine(text) {
        case .exec(let words) where words.isEmpty:
            throw .argumentCount(expected: "HEALTHCHECK CMD needs a command")
        case .exec(let words): return ["CMD"] + words
        case .shell(let line): return ["CMD-SHELL", line]
        }
    }

    private func duration(_ name: String, _ flags: InstructionFlags) throws(DockerfileError.Problem) -> Int64 {
        guard let text = flags[name], !text.isEmpty else { return 0 }
        let millisecond: Int64 = 1_000_000
        guard let duration = try? GoDurationText.nanoseconds(text), duration == 0 || duration >= millisecond else {
            throw .invalidDuration(flag: name, value: text)
        }
        return duration
    }

    private func retries(_ flags: InstructionFlags) throws(DockerfileError.Problem) -> Int {
        guard let text = flags["retries"], !text.isEmpty else { return 0 }
        guard let retries = Int32(text), retries >= 0 else { throw .invalidRetries(text) }
        return Int(retries)
    }

    /// The flags of `RUN`, which only engines follow.
    func checkRunFlags(_ text: InstructionText) throws(DockerfileError.Problem) {
        let flags = try InstructionFlags(
            text.flags,
            known: ["mount": .strings, "network": .string, "security": .string, "device": .strings]
        )
        let choices = ["network": ["default", "none", "host"], "security": ["sandbox", "insecure"]]
        for (name, values) in choices.sorted(by: { $0.key < $1.key }) {
            guard let value = flags[name], !values.contains(value) else { continue }
            throw .argumentCount(
                expected: "--\(name)=\(value.prefix(64)) is not a choice: \(values.joined(separator: ", ")) are"
            )
        }
    }

    /// A line for the shell with its here-documents, as BuildKit hands it on: one that stands alone is the line itself.
    func run(_ text: String, _ heredocs: [Heredoc]) throws(DockerfileError.Problem) -> CommandForm {
        let form = try commandLine(text)
        guard case .shell(let line) = form, let first = heredocs.first else { return form }
        let isAlone: Bool
        do { isAlone = try Heredoc.parse(word: line) != nil } catch { throw .malformedHeredoc(error) }
        guard isAlone else { return .shell(line + heredocs.map { "\n" + $0.content + $0.name }.joined()) }
        // With an interpreter of its own it isn't a line for the shell.
        return first.text.hasPrefix("#!") ? form : .shell(first.text)
    }

    /// `ONBUILD`: the trigger must be an instruction that could stand by itself.
    func onbuild(_ text: InstructionText, _ heredocs: [Heredoc]) throws(DockerfileError.Problem) -> Operation {
        _ = try InstructionFlags(text.flags, known: [:])
        let word = InstructionText(text.arguments, escape: escape).keyword
        guard !word.isEmpty else { throw .argumentCount(expected: "ONBUILD needs an instruction") }
        guard let keyword = Keyword(word: word) else {
            let nearest = Suggestion.nearest(to: word, in: Keyword.allCases.map(\.rawValue))
            throw .unknownInstruction(word, nearest: nearest)
        }
        guard Instruction.canTrigger(keyword) else { throw .invalidTrigger(keyword.rawValue) }
        let documents = heredocs.map { "\n" + $0.content + $0.name }.joined()
        return .onbuild(keyword, text.arguments + documents)
    }
}
