/// Percent encoding of what stands in a URL (RFC 3986).
package enum PercentEncoding {
    /// Encodes all bytes but those of unreserved characters (section 2.3) and of `kept`.
    package static func encode(_ bytes: some Sequence<UInt8>, keeping kept: String = "") -> String {
        var result = ""
        for byte in bytes {
            if isUnreserved(byte) || kept.utf8.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%" + Hexadecimal.encode([byte]).uppercased()
            }
        }
        return result
    }

    /// Encodes a text, in UTF-8.
    package static func encode(_ text: some StringProtocol, keeping kept: String = "") -> String {
        encode(text.utf8, keeping: kept)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
