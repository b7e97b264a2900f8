import Dispatch
import Glibc
import Synchronization

/// Does the same to several things at once, on threads that may block.
package enum Parallel {
    /// How many processors this process may run on.
    package static let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    /// What a body makes of each item, in the items' order; at most `width` at the same time.
    ///
    /// Throws the first item's error that there is; nothing new is begun then.
    static func map<Item: Sendable, Value: Sendable>(
        _ items: [Item],
        width: Int,
        _ body: @Sendable (Item) throws -> Value
    ) throws -> [Value] {
        guard items.count > 1, width > 1 else { return try items.map(body) }
        let state = Mutex(State<Value>(results: items.map { _ in nil }))
        DispatchQueue.concurrentPerform(iterations: min(width, items.count)) { _ in
            while let position = state.withLock({ $0.take() }) {
                let result = Result { try body(items[position]) }
                state.withLock { $0.put(result, at: position) }
            }
        }
        return try state.withLock { state in try state.results.compactMap { try $0?.get() } }
    }

    private struct State<Value: Sendable>: Sendable {
        var results: [Result<Value, any Error>?]
        private var next = 0
        private var hasFailed = false

        init(results: [Result<Value, any Error>?]) {
            self.results = results
        }

        mutating func take() -> Int? {
            guard next < results.count, !hasFailed else { return nil }
            next += 1
            return next - 1
        }

        mutating func put(_ result: Result<Value, any Error>, at position: Int) {
            results[position] = result
            if case .failure = result { hasFailed = true }
        }
    }
}
