/// A point on the calendar: seconds since 1970-01-01T00:00:00Z without leap seconds, and nanoseconds within the second.
struct WallTime: Hashable, Sendable {
    let seconds: Int64
    /// 0 to 999,999,999.
    let nanoseconds: Int64

    init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The time from `right` to `left`, or the end of the range where it is out of it.
    static func - (left: WallTime, right: WallTime) -> GoDuration {
        let (seconds, overflow) = left.seconds.subtractingReportingOverflow(right.seconds)
        guard !overflow else { return GoDuration(nanoseconds: left.seconds < right.seconds ? .min : .max) }
        return .seconds(seconds) + .nanoseconds(left.nanoseconds - right.nanoseconds)
    }

    /// RFC 3339 in UTC, to the second.
    var rfc3339: String { dateAndTime + "Z" }

    /// RFC 3339 in UTC, to the millisecond, for log lines.
    var rfc3339Milliseconds: String {
        "\(dateAndTime).\(WallTime.padded(nanoseconds / 1_000_000, 3))Z"
    }

    private var dateAndTime: String {
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let second = seconds - day * 86_400
        let date = WallTime.date(ofDay: day)
        func two(_ value: Int64) -> String { WallTime.padded(value, 2) }
        return "\(WallTime.padded(date.year, 4))-\(two(date.month))-\(two(date.day))T"
            + "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    // Days since 1970-01-01 to the Gregorian calendar. Counted in eras of 400 years (146,097 days) that start on
    // 1 March of the year 0, so that the leap day is the last of its year; 719,468 days lie between the two starts.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
