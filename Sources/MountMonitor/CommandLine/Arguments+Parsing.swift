import Printable

extension Arguments {
    private static let flags = [
        "config", "http-port", "log-level", "log-format", "init-container-mode", "check-config", "strict-config",
        "probe",
        "version", "help",
    ]

    /// Reads the words behind the program's name, as Go's pflag does: what manifests in use say, in whichever way,
    /// means here what it means there.
    ///
    /// A flag has its value behind `=` or in the next word, `-c` also without either (`-cFILE`). Words that are not
    /// flags and what stands behind `--` have no effect, and neither have empty values and a port of 0. One dash before
    /// a flag's whole name is ours.
    init(parsing words: [String]) throws(ArgumentError) {
        var rest = words[...]
        var wanted: [Mode] = []
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                warnings.append("the argument \(JSON.string(word).text) has no effect")
                continue
            }
            if word == "--" {
                if !rest.isEmpty { warnings.append("the arguments behind -- have no effect") }
                break
            }
            let (name, given) = try Arguments.split(word)
            switch name {
            case "config": source.file = try text(word, given, &rest)
            case "http-port": source.httpPort = try port(word, given, &rest)
            case "log-level": source.logLevel = try text(word, given, &rest)
            case "log-format": source.logFormat = try text(word, given, &rest)
            case "strict-config": source.isStrict = try Arguments.flag(name, given)
            case "init-container-mode": source.isForInitContainer = try Arguments.flag(name, given)
            case "check-config": if try Arguments.flag(name, given) { wanted.append(.checkConfiguration) }
            case "version": if try Arguments.flag(name, given) { wanted.append(.version) }
            // Whatever its value, as there.
            case "help": wanted.append(.help)
            case "probe": wanted.append(.probe(try probe(word, given, &rest)))
            default: throw Arguments.unknown(word, name)
            }
        }
        if source.isForInitContainer { wanted.append(.initContainer) }
        // Whatever the order: what only tells something goes before what only checks, and that before what works.
        let probe = wanted.last { if case .probe = $0 { true } else { false } }
        let order = [.help, .version, .checkConfiguration] + (probe.map { [$0] } ?? []) + [.initContainer]
        mode = order.first { wanted.contains($0) } ?? .serve
        if mode == .checkConfiguration { source.isStrict = true }
    }

    // A word that starts with a dash: the flag's whole name, and the value that stands in the word.
    private static func split(_ word: String) throws(ArgumentError) -> (name: String, value: String?) {
        let dashes = word.hasPrefix("--") ? 2 : 1
        let body = word.dropFirst(dashes)
        let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        guard !name.isEmpty, !name.hasPrefix("-") else {
            throw ArgumentError(reason: "bad flag \(JSON.string(word).text)")
        }
        if dashes == 2 || flags.contains(name) { return (name, parts.count > 1 ? String(parts[1]) : nil) }
        let value = body.dropFirst()
        switch body.first {
        case "c":
            return (
                "config",
                value.isEmpty ? nil : String(value.count > 1 && value.first == "=" ? value.dropFirst() : value)
            )
        case "h": return ("help", nil)
        default: throw unknown(word, name)
        }
    }

    private static func unknown(_ word: String, _ name: String) -> ArgumentError {
        let hint = NearestName.of(name, in: flags).map { "; did you mean --\($0)?" } ?? ""
        return ArgumentError(reason: "unknown flag \(JSON.string(word).text)\(hint)")
    }

    private static func flag(_ name: String, _ given: String?) throws(ArgumentError) -> Bool {
        switch given {
        case nil, "true", "1", "t", "T", "TRUE", "True": return true
        case "false", "0", "f", "F", "FALSE", "False": return false
        default: throw ArgumentError(reason: "--\(name) takes no value but true or false")
        }
    }

    private static func value(
        _ word: String,
        _ given: String?,
        _ rest: inout ArraySlice<String>
    ) throws(ArgumentError) -> String {
        guard let value = given ?? rest.popFirst() else { throw ArgumentError(reason: "\(word) needs a value") }
        return value
    }

    private mutating func text(
        _ word: String,
        _ given: String?,
        _ rest: inout ArraySlice<String>
    ) throws(ArgumentError) -> String? {
        let text = try Arguments.value(word, given, &rest)
        guard text.isEmpty else { return text }
        warnings.append("\(word) without a value has no effect")
        return nil
    }

    private mutating func port(
        _ word: String,
        _ given: String?,
        _ rest: inout ArraySlice<String>
    ) throws(ArgumentError) -> Int? {
        let text = try Arguments.value(word, given, &rest)
        guard let port = GoInteger.parse(text) else {
            throw ArgumentError(reason: "--http-port wants a number, not \(JSON.string(text).text)")
        }
        guard port <= 0 else { return port }
        warnings.append("--http-port \(port) has no effect")
        return nil
    }

    private func probe(
        _ word: String,
        _ given: String?,
        _ rest: inout ArraySlice<String>
    ) throws(ArgumentError) -> Probe {
        let text = try Arguments.value(word, given, &rest)
        guard let probe = Probe(rawValue: text) else {
            throw ArgumentError(reason: "--probe wants live or ready, not \(JSON.string(text).text)")
        }
        return probe
    }
}
