import Synchronization

/// Counts how often something was looked at.
final class Looks: Sendable {
    private let count = Atomic<Int>(0)

    /// 1 at the first look, 2 at the second.
    func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}
