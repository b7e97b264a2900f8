import Dockerfile

/// Values as Go prints them, for a history that reads like BuildKit's.
enum GoText {
    /// A list of quoted texts: `["a" "b"]`.
    static func quoted(_ words: [String]) -> String {
        "[" + words.map(quote).joined(separator: " ") + "]"
    }

    /// A health check with its field's names: `{Test:[CMD a] Interval:5s …}`.
    static func healthcheck(_ check: Healthcheck) -> String {
        "{Test:[\(check.test.joined(separator: " "))] Interval:\(duration(check.interval))"
            + " Timeout:\(duration(check.timeout)) StartPeriod:\(duration(check.startPeriod))"
            + " StartInterval:\(duration(check.startInterval)) Retries:\(check.retries)}"
    }

    private static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "\u{0}"..<" ", "\u{7F}": result += "\\x" + hex(scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return digits.utf8.count < 2 ? "0" + digits : digits
    }

    // Go's time.Duration, String: the largest unit down to seconds, or one small unit with a fraction.
    private static func duration(_ nanoseconds: Int64) -> String {
        if nanoseconds == 0 { return "0s" }
        if nanoseconds < 1_000_000_000 { return fraction(nanoseconds, unit: 1_000_000) + "ms" }
        let hours = nanoseconds / 3_600_000_000_000
        let minutes = nanoseconds / 60_000_000_000 % 60
        let seconds = fraction(nanoseconds % 60_000_000_000, unit: 1_000_000_000) + "s"
        return (hours > 0 ? "\(hours)h" : "") + (hours > 0 || minutes > 0 ? "\(minutes)m" : "") + seconds
    }

    private static func fraction(_ value: Int64, unit: Int64) -> String {
        var digits = String(value % unit + unit).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(value / unit)" + (digits.isEmpty ? "" : "." + digits)
    }
}
