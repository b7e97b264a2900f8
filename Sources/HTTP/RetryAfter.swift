/// What `Retry-After` asks for: seconds, or a date (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// The seconds to wait; nil when the text is neither.
    package static func seconds(_ text: String, now: Int64) -> Int64? {
        let text = text.trimmingBlanks
        if let seconds = Int64(text), seconds >= 0 { return seconds }
        return date(text).map { max(0, $0 - now) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    // IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT` (section 5.6.7): the only form that may be written.
    private static func date(_ text: Substring) -> Int64? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let clock = words[4].split(separator: ":").compactMap { Int64($0) }
        guard let day = Int64(words[1]), let year = Int64(words[3]), clock.count == 3,
            (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(clock[0]),
            (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        return days(year, Int64(month + 1), day) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    // Days since 1970-01-01 in the Gregorian calendar, years counted from March so that the leap day comes last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    package var trimmingBlanks: SubSequence {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        var part = self[...].drop(while: isBlank)
        while let last = part.last, isBlank(last) { part = part.dropLast() }
        return part
    }
}
