/// A line that is put together of escaped scalars.
struct PrintableLine {
    private let escapesBackslash: Bool
    private var scalars = String.UnicodeScalarView()
    /// Whether there was nothing but white space so far, which readers of commands pass over.
    private var isAtStart = true
    /// Where `##`, with letters behind it perhaps, begins: the start of a command once `[` follows.
    private var command: String.UnicodeScalarView.Index?
    private var last: Unicode.Scalar?

    init(escapesBackslash: Bool) {
        self.escapesBackslash = escapesBackslash
    }

    var text: String { String(scalars) }

    mutating func append(_ scalar: Unicode.Scalar) {
        defer { last = scalar }
        if isAtStart, scalar == ":" {
            append(escape: "\\x3a")
        } else if let escape = escape(scalar) {
            append(escape: escape)
        } else {
            follow(scalar)
            scalars.append(scalar)
        }
        if !scalar.properties.isWhitespace { isAtStart = false }
    }

    mutating func append(invalid byte: UInt8) {
        append(escape: "\\x" + Self.hexadecimal(byte))
        last = nil
        isAtStart = false
    }

    private mutating func append(escape: String) {
        command = nil
        scalars.append(contentsOf: escape.unicodeScalars)
    }

    private mutating func follow(_ scalar: Unicode.Scalar) {
        if scalar == "#" {
            command = last == "#" && !scalars.isEmpty ? scalars.index(before: scalars.endIndex) : nil
        } else if scalar == "[", let start = command {
            scalars.replaceSubrange(start...start, with: "\\x23".unicodeScalars)
            command = nil
        } else if !(scalar.isASCII && scalar.properties.isAlphabetic) {
            command = nil
        }
    }

    private func escape(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\\": return escapesBackslash ? "\\\\" : nil
        case " "..."~": return nil
        default: guard Self.isUnprintable(scalar) else { return nil }
        }
        return scalar.value < 0x80
            ? "\\x" + Self.hexadecimal(UInt8(scalar.value)) : "\\u{\(String(scalar.value, radix: 16))}"
    }

    /// Whether a scalar is a control, ends a line, says how others are shown, or is none.
    static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return !(" "..."~").contains(scalar) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value)
        }
    }

    // By hand: String(format:) has a data race on Linux.
    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
    }
}
