import Printable

/// Why a text or a document is not what the OCI specifications describe.
package enum OCIError: Error, Equatable, CustomStringConvertible {
    /// A text that doesn't follow its grammar: what it should be, the text, and the rule it breaks.
    case malformed(what: String, text: String, rule: String)
    /// A JSON document that can't be read as what its media type promises.
    case document(what: String, reason: String)
    /// A JSON document that tools in use read in different ways.
    case ambiguous(what: String, reason: String)

    /// One line for a person.
    package var description: String { message.text }

    /// What is wrong with a text, for a message that names it already.
    package func reason(against text: String) -> String {
        if case .malformed(_, text, let rule) = self { rule } else { description }
    }

    private var message: Message {
        switch self {
        case .malformed(let what, let text, let rule):
            "'\(text, limit: 80)' is not \(what): \(rule)"
        case .document(let what, let reason):
            "\(message: what) can't be read: \(message: reason)"
        case .ambiguous(let what, let reason):
            "\(message: what) can be read in two ways: \(message: reason)"
        }
    }
}
