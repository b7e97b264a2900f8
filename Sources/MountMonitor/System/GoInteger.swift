/// Whole numbers as Go's `strconv.ParseInt` reads them where the number says its own base.
enum GoInteger {
    /// Reads "8080", "0x1F90", "0b101", "0o17", "017" and "8_080", with a sign; nil for anything else and out of range.
    static func parse(_ text: String) -> Int? {
        var digits = Substring(text)
        var sign = ""
        if let first = digits.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            digits = digits.dropFirst()
        }
        let radix: Int
        switch digits.prefix(2).lowercased() {
        case "0x": radix = 16
        case "0b": radix = 2
        case "0o": radix = 8
        case let start where start.count == 2 && start.hasPrefix("0"): radix = -8
        default: radix = 10
        }
        // An underscore stands between two digits, or between the base and a digit.
        let body = radix == 10 ? digits : digits.dropFirst(radix == -8 ? 1 : 2)
        let isSeparated = radix == 10 ? body : "0" + body
        guard !body.isEmpty, !isSeparated.hasPrefix("_"), !body.hasSuffix("_"),
            body.parts(separatedBy: "__").count == 1, body.first != "+", body.first != "-"
        else { return nil }
        return Int(sign + body.filter { $0 != "_" }, radix: abs(radix))
    }
}
