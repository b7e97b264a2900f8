import Synchronization

/// The memory that documents take which are on their way, those of all connections together.
final class ContentBudget: Sendable {
    private let used = Mutex(0)
    private let waiting = Mutex(0)

    /// In bytes.
    private static let limit = 64 << 20
    /// Documents at one time whose answers take long.
    private static let mostWaiting = 64

    /// Takes some, if there is as much.
    func take(_ count: Int) -> Bool {
        used.withLock { used in
            guard used + count <= Self.limit else { return false }
            used += count
            return true
        }
    }

    /// Counts a document whose answer takes long, if there are no more than may be.
    func enter() -> Bool {
        waiting.withLock { waiting in
            guard waiting < Self.mostWaiting else { return false }
            waiting += 1
            return true
        }
    }

    /// It is answered.
    func leave() { waiting.withLock { $0 -= 1 } }

    /// Gives some back.
    func give(_ count: Int) { used.withLock { $0 -= count } }
}
