extension GoDuration: CustomStringConvertible {
    /// As Go's `Duration.String` writes it: "1h2m3.5s", "1.5ms", "0s".
    var description: String {
        guard nanoseconds != 0 else { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        switch magnitude {
        case ..<1000: return "\(sign)\(magnitude)ns"
        case ..<1_000_000: return sign + GoDuration.decimal(magnitude, per: 1000, digits: 3) + "µs"
        case ..<1_000_000_000: return sign + GoDuration.decimal(magnitude, per: 1_000_000, digits: 6) + "ms"
        default: break
        }
        let minutes = magnitude / 60_000_000_000
        let seconds = GoDuration.decimal(magnitude % 60_000_000_000, per: 1_000_000_000, digits: 9) + "s"
        if minutes == 0 { return sign + seconds }
        if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
        return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    // `value` divided by `unit` (10 to the power of `digits`), without trailing zeros.
    private static func decimal(_ value: UInt64, per unit: UInt64, digits: Int) -> String {
        let fraction = value % unit
        guard fraction > 0 else { return String(value / unit) }
        var text = String(fraction)
        text = String(repeating: "0", count: digits - text.utf8.count) + text
        while text.hasSuffix("0") { text.removeLast() }
        return "\(value / unit).\(text)"
    }
}
