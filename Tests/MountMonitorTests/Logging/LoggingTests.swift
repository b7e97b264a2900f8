import Synchronization
import Testing

@testable import MountMonitor

@Suite struct LoggingTests {
    private let record = LogRecord(
        time: WallTime(seconds: TestClock.start, nanoseconds: 5_000_000),
        level: .warn,
        message: "health check failed",
        fields: [
            .init("path", .string("/mnt/a b")), .init("name", .string("films")), .init("success", .bool(false)),
            .init("failure_count", .integer(2)), .init("error", .string("say \"no\"\nor=not")),
            .init("empty", .string("")),
        ]
    )

    @Test func jsonLines() {
        #expect(
            record.line(.json) == """
                {"time":"2026-01-01T00:00:00.005Z","level":"WARN","msg":"health check failed","path":"/mnt/a b",\
                "name":"films","success":false,"failure_count":2,"error":"say \\"no\\"\\nor=not","empty":""}

                """
        )
    }

    @Test func textLines() {
        #expect(
            record.line(.text) == """
                time=2026-01-01T00:00:00.005Z level=WARN msg="health check failed" path="/mnt/a b" name=films \
                success=false failure_count=2 error="say \\"no\\"\\nor=not" empty=""

                """
        )
    }

    @Test func textLinesMoveNoTerminal() {
        let record = LogRecord(
            time: WallTime(seconds: TestClock.start, nanoseconds: 0),
            level: .info,
            message: "a\u{202E}b\u{9B}c\u{1B}d",
            fields: []
        )
        #expect(record.line(.text).contains(#"msg="a\u202eb\u009bc\u001bd""#), "\(record.line(.text))")
    }

    @Test(
        "a level lets itself and those above through, to the stream that is theirs",
        arguments: [(LogLevel.debug, "diWE"), (.info, "iWE"), (.warn, "WE"), (.error, "E")]
    )
    func levels(level: LogLevel, expected: String) {
        let seen = Mutex("")
        let sink = LogSink { text, stream in
            for line in text.split(separator: "\n") {
                let letter = String(line.dropFirst(line.count - 1))
                seen.withLock { $0 += stream == .error ? letter.uppercased() : letter }
            }
        }
        let logger = Logger(level: level, format: .text, clock: TestClock().clock, sink: sink)
        logger.log(.debug, "d")
        logger.log(.info, "i")
        logger.log(.warn, "w")
        logger.log(.error, "e")
        logger.flush(within: .seconds(600))
        #expect(seen.withLock { $0 } == expected)
    }

    @Test func aReaderThatStopsReadingBlocksNobodyAndWhatIsDroppedIsCounted() {
        let isBlocked = Mutex(true)
        let written = Mutex<[String]>([])
        let sink = LogSink { text, _ in
            while isBlocked.withLock({ $0 }) { OperatingSystem.sleep(.milliseconds(1)) }
            written.withLock { $0.append(text) }
        }
        for number in 0..<(LogSink.longestQueue * 2 + 10) { sink.put("\(number)\n", to: .output) }
        isBlocked.withLock { $0 = false }
        sink.flush(within: .seconds(600))
        let text = written.withLock { $0 }.joined()
        #expect(text.hasPrefix("0\n1\n"), "in order")
        #expect(text.contains("log lines dropped"))
        #expect(text.split(separator: "\n").count < LogSink.longestQueue * 2 + 10)
    }
}
