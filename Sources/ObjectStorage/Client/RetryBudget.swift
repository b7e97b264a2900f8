import Synchronization

/// Bounds how often all requests of a client together are sent again, as Amazon's tools do ("Retry behavior", standard
/// mode): each further attempt costs, each success gives a little back.
final class RetryBudget: Sendable {
    private static let capacity = 500
    private static let cost = 5

    private let rest = Mutex(capacity)

    /// Takes the price of an attempt; false where it isn't there.
    func spend() -> Bool {
        rest.withLock { rest in
            guard rest >= Self.cost else { return false }
            rest -= Self.cost
            return true
        }
    }

    /// Gives back what a success is worth.
    func refund() { rest.withLock { $0 = min(Self.capacity, $0 + 1) } }
}
