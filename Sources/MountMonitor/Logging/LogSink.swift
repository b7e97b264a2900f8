import Synchronization

/// Takes log lines and writes them on a thread of its own, so that a reader of our output who has stopped reading
/// can't stop the probes from being answered.
final class LogSink: Sendable {
    /// Lines that wait at most; more are dropped and counted.
    static let longestQueue = 4096

    private struct State {
        var queue: [(line: String, stream: OperatingSystem.Stream)] = []
        var isWriting = false
        var dropped = 0
    }

    private let state = Mutex(State())
    private let thread = WorkerThread()
    private let write: @Sendable (String, OperatingSystem.Stream) -> Void

    /// A sink that writes to the standard streams, or wherever `write` does, which may block.
    init(write: @escaping @Sendable (String, OperatingSystem.Stream) -> Void = { OperatingSystem.write($0, to: $1) }) {
        self.write = write
    }

    /// Puts the line, which has its line feed, at the queue's end.
    ///
    /// Never blocks.
    func put(_ line: String, to stream: OperatingSystem.Stream) {
        let mustStart = state.withLock { state in
            guard state.queue.count < LogSink.longestQueue else {
                state.dropped += 1
                return false
            }
            state.queue.append((line, stream))
            defer { state.isWriting = true }
            return !state.isWriting
        }
        // Without a thread the line is written here: late probes are better than a silent end.
        if mustStart, thread.submit({ self.drain() }) != nil { drain() }
    }

    private func drain() {
        while true {
            let (lines, dropped) = state.withLock { state in
                let taken = (state.queue, state.dropped)
                state.queue = []
                state.dropped = 0
                state.isWriting = !taken.0.isEmpty
                return taken
            }
            if lines.isEmpty { return }
            // Neighbours of one stream go out in one call.
            var start = 0
            while start < lines.count {
                let stream = lines[start].stream
                let end = lines[start...].firstIndex { $0.stream != stream } ?? lines.count
                write(lines[start..<end].map(\.line).joined(), stream)
                start = end
            }
            if dropped > 0 { write("mount-monitor: \(dropped) log lines dropped: nobody reads them\n", .error) }
        }
    }

    /// Waits until all lines are written, but no longer than that.
    func flush(within limit: GoDuration) {
        let end = OperatingSystem.instant() + limit
        while state.withLock({ $0.isWriting }), OperatingSystem.instant() < end {
            OperatingSystem.sleep(.milliseconds(1))
        }
    }
}
