import Glibc
import Printable
import Synchronization
import SystemIO

/// A bar on standard error for work that takes over a second at a terminal; nothing at all elsewhere.
final class Progress: Sendable {
    private struct State {
        var done: Int64 = 0
        var total: Int64?
        var lastDrawn: Double = 0
        var isShown = false
    }

    private static let lastWord: StaticString =
        "\r\u{1B}[Kbindery: interrupted; nothing is half done, and the same command does it again\n"

    private let title: String
    static let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = Stopwatch.now()
    private let state: Mutex<State>

    /// A bar over a number of bytes; nil when nobody knows how many there will be.
    init(_ title: String, total: Int64?) {
        self.title = title
        state = Mutex(State(total: total))
    }

    /// Says how many bytes there will be, where that is known only later.
    func expect(_ total: Int64) { state.withLock { $0.total = total } }

    /// Counts further bytes.
    func add(_ count: Int64) {
        guard Self.isTerminal, !Output.settings.isQuiet else { return }
        state.withLock { state in
            state.done &+= count
            let now = Stopwatch.now()
            guard now - start > 1, now - state.lastDrawn > 0.1 else { return }
            state.lastDrawn = now
            if !state.isShown { Interruption.says(Self.lastWord) }
            state.isShown = true
            let columns = (Terminal.columns(of: STDERR_FILENO) ?? 80) - 1
            let line = Self.line(title, done: state.done, total: state.total, seconds: now - start, columns: columns)
            Self.write("\r\u{1B}[K" + line.prefix(columns))
        }
    }

    /// Takes the bar away.
    func finish() {
        state.withLock { state in
            guard state.isShown else { return }
            Self.write("\r\u{1B}[K")
            state.isShown = false
        }
    }

    private static let barWidths = [20, 10, 0]

    /// What the bar says: how much of how many bytes, how fast, and how long it takes yet; less of it in few columns.
    static func line(
        _ title: String,
        done: Int64,
        total: Int64?,
        seconds: Double,
        columns: Int = .max
    ) -> String {
        let rate = Double(done) / max(seconds, 0.001)
        let speed = ByteCount.text(Int64(min(rate, 1e15))) + "/s"
        guard let total, total > 0 else { return "\(title) \(ByteCount.text(done)), \(speed)" }
        let part = min(1, Double(done) / Double(total))
        let amount = "\(Int(part * 100)) % of \(ByteCount.text(total))"
        let left = rate > 0 ? ", " + duration(Double(max(0, total - done)) / rate) + " left" : ""
        let lines = barWidths.map { width in
            let filled = Int(part * Double(width))
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
            return "\(title) \(bar)\(width > 0 ? " " : "")\(amount), \(speed)\(left)"
        }
        return lines.first { $0.count <= columns } ?? "\(title) \(amount)\(left)"
    }

    private static func duration(_ seconds: Double) -> String {
        let count = Int(min(seconds, 1e6).rounded(.up))
        return count < 90 ? "\(count) s" : count < 5400 ? "\((count + 59) / 60) min" : "\((count + 3599) / 3600) h"
    }

    private static func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
