import Glibc
import OCI

/// A time as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
enum HTTPDate {
    static func text(_ time: Timestamp) -> String {
        var seconds = time_t(time.milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let day = pick("Sun Mon Tue Wed Thu Fri Sat", parts.tm_wday)
        let month = pick("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", parts.tm_mon)
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(padded).joined(separator: ":")
        return "\(day), \(padded(parts.tm_mday)) \(month) \(parts.tm_year + 1900) \(clock) GMT"
    }

    private static func pick(_ words: StaticString, _ place: CInt) -> String {
        let all = words.description.split(separator: " ")
        return all.indices.contains(Int(place)) ? String(all[Int(place)]) : ""
    }

    private static func padded(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
