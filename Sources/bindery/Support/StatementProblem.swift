import Printable

/// Why a statement doesn't count.
struct StatementProblem: Error, CustomStringConvertible {
    private let message: Message
    init(_ message: Message) { self.message = message }
    var description: String { message.text }
}
