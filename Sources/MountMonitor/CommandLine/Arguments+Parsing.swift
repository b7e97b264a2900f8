extension Arguments {
    private static let flags = [
        "config", "c", "http-port", "log-level", "log-format", "init-container-mode", "check-config", "version", "help",
        "h",
    ]

    /// Reads the words behind the program's name.
    ///
    /// A flag has one or two dashes and its value behind `=` or in the next word, as Go programs have it, since
    /// manifests in use write it in each of these ways.
    init(parsing words: [String]) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-", word != "--" else {
                throw UsageError(reason: "unexpected argument \(JSON.string(word).text)")
            }
            let body = word.dropFirst(word.hasPrefix("--") ? 2 : 1)
            let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let given = parts.count > 1 ? String(parts[1]) : nil
            switch name {
            case "config", "c": source.file = try Arguments.value(word, given, &rest)
            case "http-port": source.httpPort = try Arguments.port(word, given, &rest)
            case "log-level": source.logLevel = try Arguments.choice(word, given, &rest)
            case "log-format": source.logFormat = try Arguments.choice(word, given, &rest)
            case "init-container-mode": try choose(.initContainer, name, given)
            case "check-config": try choose(.checkConfiguration, name, given)
            case "version": try choose(.version, name, given)
            case "help", "h": try choose(.help, name, given)
            default:
                let hint = NearestName.of(name, in: Arguments.flags).map { "; did you mean --\($0)?" } ?? ""
                throw UsageError(reason: "unknown flag \(JSON.string(word).text)\(hint)")
            }
        }
    }

    // --help and --version win over the rest of the line, whatever the order.
    private mutating func choose(_ mode: Mode, _ name: String, _ given: String?) throws(UsageError) {
        switch given {
        case nil, "true", "1", "t", "T", "TRUE", "True": break
        case "false", "0", "f", "F", "FALSE", "False": return
        default: throw UsageError(reason: "--\(name) takes no value but true or false")
        }
        switch (self.mode, mode) {
        case (.help, _): break
        case (.version, _) where mode != .help: break
        case (.initContainer, .checkConfiguration): self.mode = mode
        case (.checkConfiguration, .initContainer): break
        default: self.mode = mode
        }
    }

    private static func value(
        _ word: String,
        _ given: String?,
        _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        guard let value = given ?? rest.popFirst(), !value.isEmpty else {
            throw UsageError(reason: "\(word) needs a value")
        }
        return value
    }

    private static func port(
        _ word: String,
        _ given: String?,
        _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> Int {
        let text = try value(word, given, &rest)
        guard let port = Int(text) else {
            throw UsageError(reason: "--http-port wants a number, not \(JSON.string(text).text)")
        }
        return port
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ word: String,
        _ given: String?,
        _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> Choice {
        let text = try value(word, given, &rest)
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError(reason: "\(word) wants one of \(choices), not \(JSON.string(text).text)")
        }
        return choice
    }
}
