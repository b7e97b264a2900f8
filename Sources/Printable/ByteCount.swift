/// Sizes and numbers for people.
package enum ByteCount {
    /// Decimal units with three digits: `38.4 MB`.
    package static func text(_ count: Int64) -> String {
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        guard count >= 1000 else { return "\(count) B" }
        var value = count
        var remainder: Int64 = 0
        var unit = -1
        while value >= 1000 {
            remainder = value % 1000
            value /= 1000
            unit += 1
        }
        return value >= 100 ? "\(value) \(units[unit])" : "\(value).\(remainder / 100) \(units[unit])"
    }

    /// A number of things: `1 blob`, `7 blobs`, `2 entries`.
    package static func counted(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }

    /// Digits in groups of three: `10 000`, with narrow spaces that don't break.
    package static func grouped(_ number: some BinaryInteger) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits = String(digits.dropLast(3))
        }
        return (number < 0 ? "−" : "") + ([digits] + groups).joined(separator: "\u{202F}")
    }
}
