extension InstructionParser {
    /// The whole rest of the line, which must not be empty.
    func one(_ text: String, _ keyword: Keyword) throws(DockerfileError.Problem) -> String {
        guard !text.isEmpty else { throw .argumentCount(expected: "\(keyword.rawValue) needs an argument") }
        return text
    }

    /// Words split at white space, at least one.
    func words(_ text: String, _ keyword: Keyword) throws(DockerfileError.Problem) -> [String] {
        let words = WordSplitter.split(text)
        guard !words.isEmpty else { throw .argumentCount(expected: "\(keyword.rawValue) needs at least one argument") }
        return words
    }

    /// The JSON form or a line for the shell.
    func commandLine(_ text: String) throws(DockerfileError.Problem) -> CommandForm {
        switch JSONStringArray.read(text) {
        case .strings(let strings): return .exec(strings)
        case .otherArray: throw .notArrayOfStrings
        case .none: return text.isEmpty ? .exec([]) : .shell(text)
        }
    }

    /// What `CMD` and `ENTRYPOINT` set: of nothing, engines make different commands of a shell.
    func settingLine(_ text: InstructionText, _ keyword: Keyword) throws(DockerfileError.Problem) -> CommandForm {
        guard !text.arguments.isEmpty else {
            throw .argumentCount(expected: "\(keyword.rawValue) needs a command; \(keyword.rawValue) [] clears it")
        }
        return try commandLine(text.arguments)
    }

    /// The JSON form, or words split at white space.
    func list(_ text: String) throws(DockerfileError.Problem) -> [String] {
        switch JSONStringArray.read(text) {
        case .strings(let strings): return strings
        case .otherArray: throw .notArrayOfStrings
        case .none: return WordSplitter.split(text)
        }
    }

    /// `name=value …`, or in the old form `name value`.
    func assignments(_ text: String, _ keyword: Keyword) throws(DockerfileError.Problem) -> [Assignment] {
        let words = WordSplitter.splitQuoted(text, escape: escape)
        guard let first = words.first else {
            throw .argumentCount(expected: "\(keyword.rawValue) needs at least one name=value")
        }
        guard first.contains("=") else {
            guard let (name, value) = WordSplitter.splitOnce(text) else {
                throw .argumentCount(expected: "\(keyword.rawValue) \(first.prefix(64)) has no value: write name=value")
            }
            return [Assignment(name: name, value: value, isOldForm: true)]
        }
        var assignments: [Assignment] = []
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .notAssignment(word) }
            guard !parts[0].isEmpty else { throw .blankName }
            assignments.append(Assignment(name: String(parts[0]), value: String(parts[1]), isOldForm: false))
        }
        return assignments
    }

    /// `name` and `name=default`, at least one.
    func definitions(_ text: String) throws(DockerfileError.Problem) -> [ArgumentDefinition] {
        let words = WordSplitter.splitQuoted(text, escape: escape)
        guard !words.isEmpty else { throw .argumentCount(expected: "ARG needs at least one name") }
        var definitions: [ArgumentDefinition] = []
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard !parts[0].isEmpty else { throw .blankName }
            definitions.append(
                ArgumentDefinition(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : nil)
            )
        }
        return definitions
    }

    /// The shell of `SHELL`, in JSON form only.
    func shell(_ text: String) throws(DockerfileError.Problem) -> [String] {
        switch JSONStringArray.read(text) {
        case .strings(let strings) where strings.isEmpty: throw .argumentCount(expected: "SHELL needs a program")
        case .strings(let strings): return strings
        case .otherArray: throw .notArrayOfStrings
        case .none: throw .needsExecForm
        }
    }

    /// The mount points of `VOLUME`, at least one, none empty.
    func volumes(_ text: String) throws(DockerfileError.Problem) -> [String] {
        let volumes = try list(text).map(\.trimmed)
        guard !volumes.isEmpty, !volumes.contains("") else {
            throw .argumentCount(expected: "VOLUME needs at least one path, and none may be empty")
        }
        return volumes
    }
}
