import Foundation
import Glibc
import Printable
import Synchronization
import SystemIO

/// Where results and messages go: results to standard output, everything else to standard error.
enum Output {
    /// What a call asked for.
    struct Settings: Sendable {
        var isQuiet = false
        var isVerbose = false
        var isWide = false
        /// Whether standard output carries an archive or a report, so that results go to standard error.
        var hasFile = false
    }

    private static let stored = Mutex(Settings())
    private static let results = ResultStream()

    /// What this call asked for.
    static var settings: Settings {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    /// Whether standard output is a terminal that wants colour.
    static var isColoured: Bool {
        isatty(STDOUT_FILENO) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }

    /// How wide lines may be; nil in a pipe, and where `--wide` asks for all.
    static var columns: Int? { settings.isWide ? nil : Terminal.columns(of: STDOUT_FILENO) }

    /// Prints a line of a result: names and values in it are made printable by ``Message``.
    ///
    /// At a terminal a long one is broken between words, unless it is for programs, too.
    static func line(_ line: Message = "", isFolded: Bool = true) {
        if settings.hasFile { return self.line(onError: line) }
        results.write((isFolded ? Fold.lines(line.text, columns: columns) : line.text) + "\n")
    }

    /// Writes a file's text to standard output.
    static func stream(_ text: String) { results.write(text) }

    /// Prints a message on standard error, led by the program's name.
    static func error(_ message: Message) {
        line(onError: "bindery: " + message)
    }

    /// Prints a remark on standard error, which --quiet leaves out.
    static func note(_ message: Message) {
        if !settings.isQuiet { line(onError: message) }
    }

    /// Prints a warning on standard error, which --quiet leaves out.
    static func warning(_ message: Message) {
        note("bindery: warning: " + message)
    }

    /// Prints a line on standard error; one that can't be printed is lost.
    static func line(onError message: Message) {
        results.flush()
        let columns = settings.isWide ? nil : Terminal.columns(of: STDERR_FILENO)
        log(Array(Fold.lines(Hints.completed(message).text, columns: columns).utf8))
    }

    /// Prints a line of a log on standard error, as it is; one that can't be printed is lost.
    static func log(_ line: [UInt8]) {
        let bytes = line + [UInt8(ascii: "\n")]
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes what is still to be printed; throws when any of the results couldn't be.
    static func finish() throws(SystemError) {
        try results.finish()
    }

    /// Prints a value as JSON: members sorted, slashes as they are.
    static func json(_ value: some Encodable) throws {
        results.write(try encoded(value) + "\n")
    }

    /// Prints a JSON document that is one already.
    static func raw(_ json: String) { results.write(printableJSON(json) + "\n") }

    /// The text that ``json(_:)`` prints.
    ///
    /// What ``printable(_:limit:)`` escapes in a line stands as `\u` and four digits, which is the same text to a
    /// reader of JSON.
    static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return printableJSON(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
