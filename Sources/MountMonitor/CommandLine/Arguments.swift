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
        case version
        case help
    }

    var mode = Mode.serve
    var source = ConfigurationSource()
}

/// A command line that can't be understood.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let reason: String

    var description: String { "mount-monitor: \(reason)\nSee mount-monitor --help." }
}
