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

/// Everything that is wrong with a configuration, so that one look mends it.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// The file it came from; nil when there was none.
    let file: String?
    /// At least one.
    let problems: [ConfigurationProblem]

    var description: String {
        let origin = file ?? "configuration"
        return problems.map { "\(origin): \($0)" }.joined(separator: "\n")
    }
}
