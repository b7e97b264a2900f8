import Printable

/// Why a key can't be read, made or used.
package enum KeyError: Error, Hashable, CustomStringConvertible {
    /// The text has no key of the wanted sort.
    case unreadable(what: String, reason: String)
    /// The private key is encrypted, and there is no passphrase.
    case passphraseNeeded(what: String)
    /// The passphrase doesn't open the private key.
    case wrongPassphrase(what: String)
    /// A key of a kind that no verifier of these statements takes.
    case unsupported(what: String, kind: String)
    /// OpenSSL failed at something that depends on no input.
    case failed(String)

    /// One line for a person.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .unreadable(let what, let reason): "\(what) can't be read as a key: \(reason)"
        case .passphraseNeeded(let what): "\(what) is encrypted, and no passphrase is given"
        case .wrongPassphrase(let what): "the passphrase doesn't open \(what)"
        case .unsupported(let what, let kind):
            "\(what) is a key of the kind \(kind); ECDSA P-256 or Ed25519 is expected"
        case .failed(let call): "OpenSSL failed at \(call)"
        }
    }
}
