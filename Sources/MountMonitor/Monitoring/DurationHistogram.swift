/// How long checks took, in the shape that Prometheus wants.
struct DurationHistogram: Equatable, Sendable {
    /// The buckets' upper bounds in seconds: from a local disk's answer to the longest time-out people set.
    static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30]

    /// Checks in each bucket alone, and behind the last bound.
    private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
    /// Of all, in seconds.
    private(set) var sum = 0.0

    mutating func record(_ duration: GoDuration) {
        let seconds = duration.seconds
        let bucket = DurationHistogram.bounds.firstIndex { seconds <= $0 } ?? DurationHistogram.bounds.count
        counts[bucket] &+= 1
        sum += seconds
    }
}
