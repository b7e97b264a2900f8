import Synchronization

/// The memory that documents take which are on their way, those of all connections together.
final class ContentBudget: Sendable {
    private let used = Mutex(0)

    /// In bytes.
    private static let limit = 64 << 20

    /// Takes some, if there is as much.
    func take(_ count: Int) -> Bool {
        used.withLock { used in
            guard used + count <= Self.limit else { return false }
            used += count
            return true
        }
    }

    /// Gives some back.
    func give(_ count: Int) { used.withLock { $0 -= count } }
}
