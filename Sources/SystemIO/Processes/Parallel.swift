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
    package static func map<Item: Sendable, Value: Sendable, Failure: Error>(
        _ items: [Item],
        width: Int,
        _ body: @Sendable (Item) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        try map(items, width: width, with: {}) { (_: Void, item) throws(Failure) in try body(item) }
    }

    /// The same, with something that each of the threads makes once, such as a buffer.
    package static func map<Item: Sendable, Tool, Value: Sendable, Failure: Error>(
        _ items: [Item],
        width: Int,
        with tool: @Sendable () -> Tool,
        _ body: @Sendable (Tool, Item) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        guard items.count > 1, width > 1 else {
            let tool = tool()
            var values: [Value] = []
            for item in items { values.append(try body(tool, item)) }
            return values
        }
        let state = Mutex(State<Value, Failure>(results: items.map { _ in nil }))
        DispatchQueue.concurrentPerform(iterations: min(width, items.count)) { _ in
            let tool = tool()
            while let position = state.withLock({ $0.take() }) {
                let result: Result<Value, Failure>
                do throws(Failure) { result = .success(try body(tool, items[position])) } catch {
                    result = .failure(error)
                }
                state.withLock { $0.put(result, at: position) }
            }
        }
        let results = state.withLock(\.results)
        var values: [Value] = []
        for result in results { if let result { values.append(try result.get()) } }
        return values
    }

    private struct State<Value: Sendable, Failure: Error>: Sendable {
        var results: [Result<Value, Failure>?]
        private var next = 0
        private var hasFailed = false

        init(results: [Result<Value, Failure>?]) {
            self.results = results
        }

        mutating func take() -> Int? {
            guard next < results.count, !hasFailed else { return nil }
            next += 1
            return next - 1
        }

        mutating func put(_ result: Result<Value, Failure>, at position: Int) {
            results[position] = result
            if case .failure = result { hasFailed = true }
        }
    }
}
