/// How much a log line matters.
enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug, info, warn, error

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warn: 2
        case .error: 3
        }
    }

    static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

    /// Warnings and errors are for standard error.
    var stream: OperatingSystem.Stream { self < .warn ? .output : .error }
}

/// How a log line is written.
enum LogFormat: String, CaseIterable, Sendable {
    case json, text
}
