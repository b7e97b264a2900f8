/// Sizes for people, in decimal units with three digits: `38.4 MB`.
enum ByteCount {
    static func text(_ count: Int64) -> String {
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
}
