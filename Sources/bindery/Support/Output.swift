import Foundation
import Glibc
import Printable

/// Where results and messages go: results to standard output, everything else to standard error.
enum Output {
    /// Whether standard output is a terminal that wants colour.
    static var isColoured: Bool {
        isatty(STDOUT_FILENO) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }

    /// Prints a line of a result: names and values in it are made printable by ``Message``.
    static func line(_ line: Message = "") {
        print(line.text)
    }

    /// Prints a message on standard error, led by the program's name.
    static func error(_ message: Message) {
        note("bindery: " + message)
    }

    /// Prints a message on standard error.
    static func note(_ message: Message) {
        FileHandle.standardError.write(Data((message.text + "\n").utf8))
    }

    /// Prints a value as JSON: members sorted, slashes as they are.
    static func json(_ value: some Encodable) throws {
        print(try encoded(value))
    }

    /// The text that ``json(_:)`` prints.
    ///
    /// What ``printable(_:limit:)`` escapes in a line stands as `\u` and four digits, which is the same text to a reader of
    /// JSON.
    static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return printableJSON(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

/// Colours for terminals; plain text elsewhere.
enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    func callAsFunction(_ text: Message) -> Message {
        guard Output.isColoured else { return text }
        return Message(verbatim: "\u{1B}[\(rawValue)m") + text + Message(verbatim: "\u{1B}[0m")
    }

    func callAsFunction(_ text: String) -> Message { callAsFunction(Message(text)) }
}
