/// A point on a clock that only runs forward, whose zero means nothing: for lengths of time and time-outs.
struct Instant: Hashable, Comparable, Sendable {
    let nanoseconds: Int64

    static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The time from `right` to `left`.
    static func - (left: Instant, right: Instant) -> GoDuration {
        GoDuration(nanoseconds: left.nanoseconds.subtractingReportingOverflow(right.nanoseconds).partialValue)
    }

    /// The point that much later, or the last there is.
    static func + (left: Instant, right: GoDuration) -> Instant {
        Instant(nanoseconds: (GoDuration(nanoseconds: left.nanoseconds) + right).nanoseconds)
    }
}
