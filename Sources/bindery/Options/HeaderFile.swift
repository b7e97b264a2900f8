import Printable
import SystemIO

/// Fields of HTTP's header in a file, one `Name: value` a line: secrets don't stand on the command line.
enum HeaderFile {
    private static let largestSize = 64 << 10

    /// The fields; none without a file.
    ///
    /// Throws a usage error that names the line.
    static func fields(_ path: String?) throws -> [(name: String, value: String)] {
        guard let path else { return [] }
        let bytes = try File.open(path).readBytes(limit: largestSize + 1)
        guard bytes.count <= largestSize else {
            throw UsageError(
                description: "\(printable(path)) has over \(largestSize) bytes: header fields are expected"
            )
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { number, bytes in
            let line = String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
            guard !line.allSatisfy(\.isWhitespace), !line.hasPrefix("#") else { return nil }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(isToken),
                parts[1].utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else {
                throw UsageError(description: "\(printable(path)), line \(number + 1): 'Name: value' is expected")
            }
            return (String(parts[0]), String(parts[1].drop(while: \.isWhitespace)))
        }
    }

    // RFC 9110, section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
