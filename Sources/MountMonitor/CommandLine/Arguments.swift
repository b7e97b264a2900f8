/// What the command line asks for.
struct Arguments: Equatable, Sendable {
    /// What to do with the mounts.
    enum Mode: Equatable, Sendable {
        /// Watch them and answer probes, until told to stop.
        case serve
        /// Check each once; the exit status is the answer.
        case initContainer
        /// Say whether the configuration could be run.
        case checkConfiguration
        /// Ask the one that runs here; the exit status is the answer.
        case probe(Probe)
        case version
        case help
    }

    /// What the one that runs is asked.
    enum Probe: String, CaseIterable, Sendable {
        case live, ready
    }

    var mode = Mode.serve
    var source = ConfigurationSource()
    /// Words that have no effect.
    var warnings: [String] = []
}

/// A command line that can't be understood.
struct ArgumentError: Error, Equatable, CustomStringConvertible {
    let reason: String

    var description: String { "mount-monitor: \(reason)\nSee mount-monitor --help." }
}
