/// Lengths of time as people write them in this field, in Dockerfiles and configurations: "1h2m3.5s".
package enum GoDurationText {
    /// What is wrong with a text that should be a duration.
    package enum Problem: Error, Equatable, CustomStringConvertible {
        case invalid
        case missingUnit
        case unknownUnit(String)
        case outOfRange

        package var description: String {
            switch self {
            case .invalid: "is not a duration"
            case .missingUnit: "has a number without a unit"
            case .unknownUnit(let unit): "has the unknown unit \"\(printable(unit))\""
            case .outOfRange: "is over 292 years"
            }
        }
    }

    /// The nanoseconds that a text stands for.
    ///
    /// Reads what Go's `time.ParseDuration` reads, and refuses what it refuses: an optional sign, then numbers with an
    /// optional fraction, each with one of the units ns, us (µs, μs), ms, s, m, h; or "0" alone.
    package static func nanoseconds(_ text: String) throws(Problem) -> Int64 {
        var rest = Substring(text).utf8
        var negative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        if rest.elementsEqual("0".utf8) {
            return 0
        }
        guard !rest.isEmpty else { throw .invalid }
        // The magnitude of the smallest duration is one above the largest's, so it is summed up without a sign.
        var total: UInt64 = 0
        let limit: UInt64 = 1 << 63
        while !rest.isEmpty {
            let amount = try amount(&rest)
            let (sum, overflow) = total.addingReportingOverflow(amount)
            guard !overflow, sum <= limit else { throw .outOfRange }
            total = sum
        }
        guard negative || total < limit else { throw .outOfRange }
        return negative ? (total == limit ? .min : -Int64(total)) : Int64(total)
    }

    // One number with its unit, in nanoseconds; `rest` moves behind it.
    private static func amount(_ rest: inout Substring.UTF8View) throws(Problem) -> UInt64 {
        let whole = digits(&rest)
        var fraction: Substring.UTF8View?
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = digits(&rest)
        }
        guard !whole.isEmpty || fraction?.isEmpty == false else { throw .invalid }
        let end = rest.firstIndex { $0 == UInt8(ascii: ".") || isDigit($0) } ?? rest.endIndex
        guard end != rest.startIndex else { throw .missingUnit }
        guard let unitName = String(rest[..<end]) else { throw .invalid }
        guard let unit = nanosecondsPerUnit[unitName] else { throw .unknownUnit(unitName) }
        rest = rest[end...]

        var value: UInt64 = 0
        for digit in whole {
            let (scaled, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = scaled.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !tooLarge, !overflow, sum <= 1 << 63 else { throw .outOfRange }
            value = sum
        }
        let (product, overflow) = value.multipliedReportingOverflow(by: unit)
        guard !overflow, product <= 1 << 63 else { throw .outOfRange }
        return product + fractionOf(unit, fraction)
    }

    // In binary floating point and with as many digits as fit, since that is how Go rounds: 0.3333333333333333333h is
    // 20 minutes to the nanosecond.
    private static func fractionOf(_ unit: UInt64, _ digits: Substring.UTF8View?) -> UInt64 {
        var numerator: UInt64 = 0
        var scale = 1.0
        for digit in digits ?? Substring().utf8 {
            let (scaled, tooLarge) = numerator.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = scaled.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !tooLarge, !overflow, sum <= 1 << 63 else { break }
            numerator = sum
            scale *= 10
        }
        // Below one unit, so far inside the range.
        return UInt64(Double(numerator) * (Double(unit) / scale))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func digits(_ rest: inout Substring.UTF8View) -> Substring.UTF8View {
        let end = rest.firstIndex { !isDigit($0) } ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[..<end]
    }

    // U+00B5 (micro sign) and U+03BC (Greek mu) both, as Go has it.
    private static let nanosecondsPerUnit: [String: UInt64] = [
        "ns": 1, "us": 1000, "\u{B5}s": 1000, "\u{3BC}s": 1000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]
}
