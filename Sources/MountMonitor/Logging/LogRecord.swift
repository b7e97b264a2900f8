import Printable

/// One log line before it is written.
struct LogRecord: Equatable, Sendable {
    let time: WallTime
    let level: LogLevel
    let message: String
    /// In the order they are shown in; their names are a promise to those who filter logs.
    let fields: [JSON.Member]

    /// The line, with its line feed.
    func line(_ format: LogFormat) -> String {
        let head: [JSON.Member] = [
            .init("time", .string(time.rfc3339Milliseconds)),
            .init("level", .string(level.rawValue.uppercased())),
            .init("msg", .string(message)),
        ]
        switch format {
        case .json: return JSON.object(head + fields).text + "\n"
        case .text:
            return (head + fields).map { "\($0.name)=\(LogRecord.plain($0.value))" }.joined(separator: " ") + "\n"
        }
    }

    // A text is quoted only where a reader could not see its end.
    private static func plain(_ value: JSON) -> String {
        if case .duration(let duration) = value { return duration.description }
        guard case .string(let text) = value else { return value.text }
        let simple = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && scalar.value > 0x20 && scalar != "\"" && scalar != "=" && scalar.value != 0x7F
        }
        // What a terminal would act on is escaped, as strconv.Quote does in Go's text format.
        return simple && !text.isEmpty ? text : printableJSON(value.text)
    }
}
