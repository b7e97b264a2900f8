import Logging
import Synchronization

/// Runs something at a step of a change that the store logs, as another process might at that moment.
final class LogHook: Sendable {
    private struct Handler: LogHandler {
        let hook: LogHook
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { hook.reach("\(event.message)") }
    }

    private let step: String
    private let count = Mutex(0)
    private let failure = Mutex<(any Error)?>(nil)
    private let body: @Sendable () throws -> Void

    /// A hook that runs `body` whenever `step` is logged.
    init(at step: String, _ body: @escaping @Sendable () throws -> Void) {
        self.step = step
        self.body = body
    }

    /// For ``StoreOptions/logger``.
    var logger: Logger { Logger(label: "test") { _ in Handler(hook: self) } }

    /// How often the step was reached; throws what the body threw.
    func finish() throws -> Int {
        if let error = failure.withLock({ $0 }) { throw error }
        return count.withLock { $0 }
    }

    private func reach(_ message: String) {
        guard message == step else { return }
        count.withLock { $0 += 1 }
        do { try body() } catch { failure.withLock { $0 = $0 ?? error } }
    }
}
