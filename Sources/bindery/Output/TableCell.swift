import ContentAddress
import Glibc
import OCI
import Printable

/// What may stand in a table or a line: as long as it is in a pipe, short at a terminal.
protocol TableCell {
    /// Its text, printable.
    var shown: String { get }
}

extension String: TableCell {
    var shown: String { printable(self) }
}

extension Message: TableCell {
    var shown: String { text }
}

extension Digest: TableCell {
    /// 12 digits at a terminal, all in a pipe.
    var shown: String { Output.columns == nil ? description : short }
}

extension Timestamp: TableCell {
    /// Local time to the minute at a terminal, RFC 3339 in UTC in a pipe.
    var shown: String { Output.columns == nil ? rfc3339 : local }

    /// Local time to the minute, `2026-11-24 10:02`.
    var local: String {
        var seconds = time_t(milliseconds / 1000)
        var fields = tm()
        guard localtime_r(&seconds, &fields) != nil else { return rfc3339 }
        func two(_ number: CInt) -> String { (number < 10 ? "0" : "") + String(number) }
        let date = "\(Int(fields.tm_year) + 1900)-\(two(fields.tm_mon + 1))-\(two(fields.tm_mday))"
        return "\(date) \(two(fields.tm_hour)):\(two(fields.tm_min))"
    }
}

extension Message.StringInterpolation {
    /// A digest, short at a terminal.
    mutating func appendInterpolation(_ digest: Digest) { appendInterpolation(Message(verbatim: digest.shown)) }
}
