import Glibc
import Synchronization
import SystemIO

/// Standard output, buffered, with its first failure kept until the end.
final class ResultStream: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var failure: SystemError?
    }

    private let state = Mutex(State())
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private static let most = 64 << 10

    /// Adds a text; at a terminal it is seen at once.
    func write(_ text: String) {
        state.withLock { state in
            state.bytes.append(contentsOf: text.utf8)
            if isTerminal || state.bytes.count >= Self.most { Self.flush(&state) }
        }
    }

    /// Writes what was added.
    func flush() {
        state.withLock { Self.flush(&$0) }
    }

    /// Writes what was added; throws the first failure of all writes.
    func finish() throws(SystemError) {
        let failure = state.withLock { state in
            Self.flush(&state)
            return state.failure
        }
        if let failure { throw failure }
    }

    private static func flush(_ state: inout State) {
        guard !state.bytes.isEmpty, state.failure == nil else { return }
        do throws(SystemError) {
            try StandardStream.output().write(state.bytes)
        } catch {
            state.failure = error
        }
        state.bytes.removeAll(keepingCapacity: true)
    }
}
