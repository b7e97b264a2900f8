/// A JSON document, whose texts have escapes in place of what ``printable(_:limit:)`` escapes: the same document to a
/// reader of JSON, and no commands or controls to a terminal or a CI system.
///
/// Line feeds stay: a text has none, and they stand between members.
package func printableJSON(_ document: String) -> String {
    let isPlain = document.utf8.allSatisfy { byte in
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "#") || byte == UInt8(ascii: "\n")
    }
    if isPlain { return document }
    var result = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in document.unicodeScalars {
        let isCommand = scalar == "#" && last == "#"
        if scalar == "\n" || !(isCommand || PrintableLine.isUnprintable(scalar)) {
            result.append(scalar)
        } else {
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result.append(
                    contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars
                )
            }
        }
        last = scalar
    }
    return String(result)
}
