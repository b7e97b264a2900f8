import Synchronization

@testable import MountMonitor

/// Keeps what is logged.
final class LogCollector: Sendable {
    private let lines = Mutex<[String]>([])

    /// A logger whose lines are kept here.
    func logger(_ clock: Clock, level: LogLevel = .debug, format: LogFormat = .json) -> Logger {
        Logger(
            level: level,
            format: format,
            clock: clock,
            sink: LogSink { [self] text, _ in
                lines.withLock { $0 += text.split(separator: "\n").map(String.init) }
            }
        )
    }

    /// The lines so far, parsed; call `flush` of the logger first.
    var records: [JSON] { lines.withLock { $0 }.compactMap { try? JSONTests.parse($0) } }

    var messages: [String] {
        records.compactMap { if case .string(let message)? = $0["msg"] { message } else { nil } }
    }
}
