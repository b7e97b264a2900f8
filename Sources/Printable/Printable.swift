/// A text from outside (a name, an annotation, what a registry says) as part of one line that says one thing.
///
/// What would end the line, play with a terminal or reorder what is shown is escaped: controls (C0, DEL, C1), line and
/// paragraph separators, format characters such as those of bidirectional text, and noncharacters: `\n`, `\r`, `\t`,
/// `\x1b` below 128, `\u{2028}` above. So is the backslash itself, `\\`, so that the text can be told from what is
/// shown. CI systems read lines as commands that begin with a colon, or have `##[` or `##vso[` in them: the colon and
/// the first `#` are escaped there, `\x3a` and `\x23`.
///
/// At most `limit` scalars are shown; an ellipsis stands for the rest.
package func printable(_ text: some StringProtocol, limit: Int = .max) -> String {
    if limit == .max, text.utf8.allSatisfy(isPlain) { return String(text) }
    var line = PrintableLine(escapesBackslash: true)
    var rest = limit
    for scalar in text.unicodeScalars {
        guard rest > 0 else { return line.text + "…" }
        rest -= 1
        line.append(scalar)
    }
    return line.text
}

/// Bytes from outside, such as a file's name, as part of one line; those that are not UTF-8 are escaped, `\xff`.
package func printable(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    if let text = String(validating: bytes, as: UTF8.self) { return printable(text) }
    var line = PrintableLine(escapesBackslash: true)
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var place = 0
    while true {
        switch parser.parseScalar(from: &iterator) {
        case .valid(let encoded):
            line.append(Unicode.UTF8.decode(encoded))
            place += encoded.count
        case .error(let length):
            for byte in bytes[place..<place + length] { line.append(invalid: byte) }
            place += length
        case .emptyInput: return line.text
        }
    }
}

/// A message that may have several lines, and whose parts from outside went through ``printable(_:limit:)``: a last
/// guard, which leaves line feeds and backslashes as they are.
package func printableMessage(_ text: String) -> String {
    // By bytes: a carriage return and a line feed are one character.
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { bytes in
        let part = Substring(bytes)
        if part.utf8.allSatisfy(isPlain) { return String(part) }
        var line = PrintableLine(escapesBackslash: false)
        for scalar in part.unicodeScalars { line.append(scalar) }
        return line.text
    }.joined(separator: "\n")
}

/// What needs no look at what stands around it: ASCII without controls, and without `\`, `#` and `:`.
private func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "#") && byte != UInt8(ascii: ":")
}
