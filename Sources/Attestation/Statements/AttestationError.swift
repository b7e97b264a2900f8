import Printable

/// Why an envelope, a bundle or a statement isn't accepted.
package enum AttestationError: Error, Hashable, CustomStringConvertible {
    /// It isn't a document of its kind; `what` names it.
    case malformed(what: String, reason: String)
    /// No signature of it is the key's.
    case unverified(what: String, key: String)

    /// One line for a person.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .malformed(let what, let reason): "\(message: what) can't be used: \(message: reason)"
        case .unverified(let what, let key): "\(message: what) has no signature of the key \(key)"
        }
    }
}
