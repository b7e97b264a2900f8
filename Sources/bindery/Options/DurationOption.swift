/// A duration on the command line, in milliseconds: `90s`, `30m`, `12h`, `7d`, `0`.
struct DurationOption: Equatable {
    let milliseconds: Int64
}

extension DurationOption {
    /// Whether a text is written as a duration that can't be counted in milliseconds.
    static func isTooLong(_ text: String) -> Bool {
        DurationOption(text) == nil && text.wholeMatch(of: /[0-9]+[smhd]/) != nil
    }

    /// Reads a text; nil when it isn't one.
    init?(_ text: String) {
        let units: [(Character, Int64)] = [("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        if text == "0" {
            milliseconds = 0
            return
        }
        guard let last = text.last, let unit = units.first(where: { $0.0 == last })?.1,
            text.dropLast().allSatisfy({ ("0"..."9").contains($0) }), let count = Int64(text.dropLast())
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        milliseconds = product
    }
}
