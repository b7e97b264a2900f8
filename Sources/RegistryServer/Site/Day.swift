import OCI

/// A day in UTC.
struct Day: Hashable, Comparable {
    /// Days since 1970.
    let number: Int64

    init(_ number: Int64) { self.number = number }

    static let milliseconds: Int64 = 86_400_000

    /// `2026-11-28`.
    var text: String {
        let (start, isTooFar) = number.multipliedReportingOverflow(by: Self.milliseconds)
        return String(Timestamp(milliseconds: isTooFar ? 0 : start).rfc3339.prefix { $0 != "T" })
    }

    static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
