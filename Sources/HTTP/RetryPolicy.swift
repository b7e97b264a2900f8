import Glibc

/// When a request is sent again: exponential back-off with full jitter, and `Retry-After` within a bound.
package struct RetryPolicy: Sendable {
    /// How often something is tried in all.
    package var attempts = 5
    /// The first pause's upper end in seconds; each further one is twice as long.
    package var firstDelay: Double = 0.4
    /// No pause of ours is longer, in seconds.
    package var largestDelay: Double = 10
    /// A registry that asks for a longer pause, in seconds, isn't waited for.
    package var largestWait: Int64 = 60
    /// Waits for so many seconds.
    package var sleep: @Sendable (Double) -> Void = { seconds in usleep(useconds_t(max(0, seconds) * 1_000_000)) }
    /// A number in a range.
    package var random: @Sendable (ClosedRange<Double>) -> Double = { Double.random(in: $0) }
    /// Seconds since 1970, which `Retry-After` may be written in.
    package var now: @Sendable () -> Int64 = { Int64(time(nil)) }

    /// How often something is tried in all whose peer is silent or too slow.
    package static let slowAttempts = 3

    /// The usual policy.
    package init() {}

    /// The pause after so many failures, the first being 1.
    package func delay(after failures: Int) -> Double {
        let bound = firstDelay * Double(1 << min(max(failures - 1, 0), 16))
        return random(0...min(bound, largestDelay))
    }
}
