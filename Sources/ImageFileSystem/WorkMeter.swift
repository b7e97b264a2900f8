import Archive

/// Counts one layer's work, and tells the budget now and then: asking it for each step would cost more than the step.
final class WorkMeter {
    private let budget: WorkBudget
    private var steps = 0
    private var bytes = 0
    private(set) var isSpent = false

    private static let largestDebt = 4096
    private static let largestMemoryDebt = 1 << 20

    init(_ budget: WorkBudget) {
        self.budget = budget
    }

    /// Counts steps; false when the budget is spent.
    func step(_ count: Int) -> Bool {
        steps += count
        if steps >= Self.largestDebt { flush() }
        return !isSpent
    }

    /// Counts memory; false when the budget is spent.
    func memory(_ count: Int) -> Bool {
        bytes += count
        if bytes >= Self.largestMemoryDebt { flush() }
        return !isSpent
    }

    /// Memory that was let go of.
    func free(_ count: Int) {
        flush()
        budget.free(Int64(count))
    }

    /// Tells the budget what it hasn't heard yet.
    func flush() {
        do {
            try budget.take(Int64(steps), .steps)
            try budget.take(Int64(bytes), .memory)
        } catch {
            isSpent = true
        }
        steps = 0
        bytes = 0
    }
}
