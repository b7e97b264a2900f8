import Synchronization

@testable import MountMonitor

/// A mount that answers, fails or hangs on command, without a thread.
final class FakeMount: MountReading {
    enum Mood: Equatable, Sendable {
        case answering
        case failing(String)
        case hanging
    }

    private struct State {
        var mood = Mood.answering
        var started = 0
        var hanging: [@Sendable (String?) -> Void] = []
        var mostInFlight = 0
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Reads that were begun.
    var started: Int { state.withLock { $0.started } }
    /// The most reads there were at one time.
    var mostInFlight: Int { state.withLock { $0.mostInFlight } }
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Changes its mood; reads that hang come back unless it hangs on.
    func turn(_ mood: Mood) {
        let released = state.withLock { state in
            state.mood = mood
            guard mood != .hanging else { return [] as [@Sendable (String?) -> Void] }
            defer { state.hanging = [] }
            return state.hanging
        }
        for completion in released { completion(nil) }
    }

    func read(_ completion: @escaping @Sendable (_ failure: String?) -> Void) {
        let mood = state.withLock { state in
            state.started += 1
            state.mostInFlight = max(state.mostInFlight, state.hanging.count + 1)
            if state.mood == .hanging { state.hanging.append(completion) }
            return state.mood
        }
        switch mood {
        case .answering: completion(nil)
        case .failing(let reason): completion(reason)
        case .hanging: break
        }
    }

    func stop() { state.withLock { $0.isStopped = true } }
}
