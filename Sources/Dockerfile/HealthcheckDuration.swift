/// A length of time in `HEALTHCHECK`, as Go writes it: `1h15m30.918s` (Go's package time, ParseDuration).
enum HealthcheckDuration {
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("\u{B5}s", 1_000), ("\u{3BC}s", 1_000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// The nanoseconds a text stands for; nil when it is not a duration or doesn't fit.
    static func parse(_ text: String) -> Int64? {
        var rest = text.unicodeScalars[...]
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        if String(rest) == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = takePart(&rest) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        }
        return isNegative ? -total : total
    }

    private static func takePart(_ rest: inout Substring.UnicodeScalarView) -> Int64? {
        let whole = takeDigits(&rest)
        var fraction = ""
        if rest.first == "." {
            rest.removeFirst()
            fraction = takeDigits(&rest)
        }
        let name = String(rest.prefix { $0 != "." && !("0"..."9").contains($0) })
        guard !(whole + fraction).isEmpty, let unit = units.first(where: { $0.name == name })?.nanoseconds else {
            return nil
        }
        rest = rest.dropFirst(name.unicodeScalars.count)
        let (product, overflow) = (Int64(whole.isEmpty ? "0" : whole) ?? .max).multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        // What is less than a nanosecond is cut off. The fraction is below 1, so the quotient is below the unit.
        let digits = String(fraction.prefix(18))
        let scale = repeatElement(UInt64(10), count: digits.count).reduce(1, *)
        let scaled = (UInt64(digits) ?? 0).multipliedFullWidth(by: UInt64(unit))
        let part = Int64(scale.dividingFullWidth(scaled).quotient)
        let (sum, sumOverflow) = product.addingReportingOverflow(part)
        return sumOverflow ? nil : sum
    }

    private static func takeDigits(_ rest: inout Substring.UnicodeScalarView) -> String {
        let digits = String(rest.prefix { ("0"..."9").contains($0) })
        rest = rest.dropFirst(digits.unicodeScalars.count)
        return digits
    }
}
