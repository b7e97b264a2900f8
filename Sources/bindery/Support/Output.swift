internal import Foundation
internal import Glibc

/// Where results and messages go: results to standard output, everything else to standard error.
enum Output {
    /// Whether standard output is a terminal that wants colour.
    static var isColoured: Bool {
        isatty(STDOUT_FILENO) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }

    /// Prints a result.
    ///
    /// Texts from outside go through ``printable(_:)`` first.
    static func line(_ text: String = "") {
        print(text)
    }

    /// Prints a message on standard error, led by the program's name.
    static func error(_ message: String) {
        note("bindery: " + message)
    }

    /// Prints a message on standard error.
    static func note(_ message: String) {
        FileHandle.standardError.write(Data((printable(message) + "\n").utf8))
    }

    /// Prints a value as JSON: members sorted, slashes as they are.
    static func json(_ value: some Encodable) throws {
        print(try encoded(value))
    }

    /// The text that ``json(_:)`` prints.
    static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A text without control characters: what was stored under a name with escape sequences must not play with the
    /// reader's terminal.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    return isControl && scalar != "\n" ? "\u{FFFD}" : scalar
                }
            )
        )
    }
}

/// Colours for terminals; plain text elsewhere.
enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    func callAsFunction(_ text: String) -> String {
        Output.isColoured ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
