/// One thing that is wrong with a configuration.
struct ConfigurationProblem: Equatable, Sendable, CustomStringConvertible {
    /// Where: "mounts[1].path", or a flag; empty for the document as a whole.
    let place: String
    /// What is wrong and what would be right.
    let reason: String

    var description: String { place.isEmpty ? reason : "\(place): \(reason)" }

    /// Whether the other one is about the same place or one inside it.
    func covers(_ other: ConfigurationProblem) -> Bool {
        place == other.place || other.place.hasPrefix(place + ".") || other.place.hasPrefix(place + "[")
    }
}

/// What was found in a configuration: problems, with which it can't be run, and warnings, with which it can.
struct ConfigurationFindings: Equatable, Sendable {
    /// So many of a kind are kept; a file may have ten thousands of unknown keys.
    static let most = 64

    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []
    /// Keys that set nothing: warnings, and problems where the configuration is to be strict.
    private(set) var unknownKeys: [ConfigurationProblem] = []

    mutating func problem(_ place: String, _ reason: String) { add(.init(place: place, reason: reason), \.problems) }

    mutating func warn(_ place: String, _ reason: String) { add(.init(place: place, reason: reason), \.warnings) }

    mutating func unknownKey(_ place: String, _ reason: String) {
        add(.init(place: place, reason: reason), \.unknownKeys)
    }

    private mutating func add(
        _ finding: ConfigurationProblem,
        _ list: WritableKeyPath<ConfigurationFindings, [ConfigurationProblem]>
    ) {
        if self[keyPath: list].count < ConfigurationFindings.most { self[keyPath: list].append(finding) }
    }

    mutating func append(_ other: ConfigurationFindings) {
        for problem in other.problems { add(problem, \.problems) }
        for warning in other.warnings { add(warning, \.warnings) }
        for key in other.unknownKeys { add(key, \.unknownKeys) }
    }
}

/// Everything that is wrong with a configuration, so that one look mends it.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// The file it came from; nil when there was none.
    let file: String?
    /// At least one.
    let problems: [ConfigurationProblem]

    /// One line for each.
    var lines: [String] { problems.map { "\(file ?? "configuration"): \($0)" } }

    var description: String { lines.joined(separator: "\n") }
}
