import Synchronization

/// Makes log lines and hands those that matter enough to the sink.
final class Logger: Sendable {
    private struct Settings {
        var level: LogLevel
        var format: LogFormat
    }

    private let settings: Mutex<Settings>
    private let clock: Clock
    private let sink: LogSink

    init(level: LogLevel, format: LogFormat, clock: Clock = .system, sink: LogSink) {
        settings = Mutex(Settings(level: level, format: format))
        self.clock = clock
        self.sink = sink
    }

    /// From now on, after the configuration was read again.
    func configure(level: LogLevel, format: LogFormat) {
        settings.withLock { $0 = Settings(level: level, format: format) }
    }

    /// Writes a line if its level counts; the fields are made only then.
    func log(_ level: LogLevel, _ message: String, _ fields: @autoclosure () -> [JSON.Member] = []) {
        let settings = settings.withLock { $0 }
        guard level >= settings.level else { return }
        let record = LogRecord(time: clock.wall(), level: level, message: message, fields: fields())
        sink.put(record.line(settings.format), to: level.stream)
    }

    /// Waits until all lines are written, but no longer than that.
    func flush(within limit: GoDuration) { sink.flush(within: limit) }
}
