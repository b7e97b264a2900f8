import Foundation
import Glibc
import Synchronization

/// A bar on standard error for work that takes over a second at a terminal; nothing at all elsewhere.
final class Progress: Sendable {
    private struct State {
        var done: Int64 = 0
        var lastDrawn: Double = 0
        var isShown = false
    }

    private let title: String
    private let total: Int64?
    static let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = Progress.seconds
    private let state = Mutex(State())

    /// A bar over a number of bytes; nil when nobody knows how many there will be.
    init(_ title: String, total: Int64?) {
        self.title = title
        self.total = total
    }

    /// Counts further bytes.
    func add(_ count: Int64) {
        guard Self.isTerminal else { return }
        state.withLock { state in
            state.done &+= count
            let now = Self.seconds
            guard now - start > 1, now - state.lastDrawn > 0.1 else { return }
            state.lastDrawn = now
            state.isShown = true
            draw(state.done, elapsed: now - start)
        }
    }

    /// Takes the bar away.
    func finish() {
        state.withLock { state in
            guard state.isShown else { return }
            write("\r\u{1B}[K")
            state.isShown = false
        }
    }

    private func draw(_ done: Int64, elapsed: Double) {
        let rate = ByteCount.text(Int64(Double(done) / elapsed)) + "/s"
        guard let total, total > 0 else {
            return write("\r\u{1B}[K\(title) \(ByteCount.text(done)), \(rate)")
        }
        let part = min(1, Double(done) / Double(total))
        let filled = Int(part * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        write("\r\u{1B}[K\(title) \(bar) \(Int(part * 100)) % of \(ByteCount.text(total)), \(rate)")
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
