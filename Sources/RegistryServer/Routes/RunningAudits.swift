import Archive
import Synchronization

/// The audits that are on their way, so that they end with the server.
final class RunningAudits: Sendable {
    private struct State {
        var budgets: [ObjectIdentifier: WorkBudget] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())

    /// Whether they are cut off.
    var isStopping: Bool { state.withLock(\.isStopping) }

    func add(_ budget: WorkBudget) {
        let isStopping = state.withLock { state in
            state.budgets[ObjectIdentifier(budget)] = budget
            return state.isStopping
        }
        if isStopping { budget.end() }
    }

    func remove(_ budget: WorkBudget) { state.withLock { $0.budgets[ObjectIdentifier(budget)] = nil } }

    func stop() {
        let budgets = state.withLock { state in
            state.isStopping = true
            return Array(state.budgets.values)
        }
        for budget in budgets { budget.end() }
    }
}
