import Printable

/// A length of time in whole nanoseconds, read and written as Go's `time.Duration` is, since that is how people write
/// time-outs in this field ("1h2m3.5s").
///
/// From -292 to +292 years.
struct GoDuration: Hashable, Comparable, Sendable {
    var nanoseconds: Int64

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Reads what Go's `time.ParseDuration` reads.
    init(parsing text: String) throws(GoDurationText.Problem) {
        nanoseconds = try GoDurationText.nanoseconds(text)
    }

    static func < (left: GoDuration, right: GoDuration) -> Bool { left.nanoseconds < right.nanoseconds }

    static let zero = GoDuration(nanoseconds: 0)

    static func nanoseconds(_ count: Int64) -> GoDuration { GoDuration(nanoseconds: count) }
    static func milliseconds(_ count: Int64) -> GoDuration { GoDuration(nanoseconds: count) * 1_000_000 }
    static func seconds(_ count: Int64) -> GoDuration { GoDuration(nanoseconds: count) * 1_000_000_000 }

    /// In seconds, for metrics and messages.
    var seconds: Double { Double(nanoseconds) / 1e9 }

    /// The product, or the end of the range where it is out of it.
    static func * (left: GoDuration, right: Int64) -> GoDuration {
        let (product, overflow) = left.nanoseconds.multipliedReportingOverflow(by: right)
        guard overflow else { return GoDuration(nanoseconds: product) }
        return GoDuration(nanoseconds: (left.nanoseconds < 0) == (right < 0) ? .max : .min)
    }

    /// The sum, or the end of the range where it is out of it.
    static func + (left: GoDuration, right: GoDuration) -> GoDuration {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        guard overflow else { return GoDuration(nanoseconds: sum) }
        return GoDuration(nanoseconds: left.nanoseconds < 0 ? .min : .max)
    }
}
