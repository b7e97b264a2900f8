import Printable

/// Why a statement doesn't count.
package struct StatementProblem: Error, CustomStringConvertible {
    private let message: Message
    init(_ message: Message) { self.message = message }
    package var description: String { message.text }
}
