package import Attestation
package import ContentAddress
import Printable

/// A key that verifies notes, by the name under which it signs (C2SP signed-note 1.0.0, "Verifier keys").
package struct NoteVerifier: Sendable, Hashable {
    /// What an Ed25519 key of a note signs, by its type byte.
    package enum Kind: UInt8, Sendable {
        /// The text.
        case note = 1
        /// The text with a time before it: a witness's signature (C2SP tlog-cosignature).
        case cosignature = 4
    }

    static let hashCount = 4

    /// Its name.
    package let name: String
    /// An Ed25519 key.
    package let key: PublicKey
    package let kind: Kind

    /// A key under a name; throws for a key that isn't Ed25519, and a name that can't stand in a note.
    package init(name: String, key: PublicKey, kind: Kind = .note) throws(NoteError) {
        guard Self.isName(name) else { throw .malformed("'\(printable(name))' can't be the name of a key") }
        guard key.algorithm == .ed25519 else { throw .malformed("notes are signed with Ed25519 keys") }
        self.name = name
        self.key = key
        self.kind = kind
    }

    /// The hash of name, kind and key, by which people compare it.
    package var fingerprint: Digest { Digest.of(Array(name.utf8) + [0x0A, kind.rawValue] + key.raw) }

    /// The first bytes of the fingerprint: which of several keys of a name it is.
    package var keyHash: [UInt8] { Array(fingerprint.bytes.prefix(Self.hashCount)) }

    /// The key as one word, `name+hash+key`.
    package var text: String { "\(name)+\(Hexadecimal.encode(keyHash))+\(Base64.encode([kind.rawValue] + key.raw))" }

    /// Reads what ``text`` writes.
    package init(parsing text: String) throws(NoteError) {
        let words = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, let bytes = Base64.decode(words[2]), let kind = bytes.first.flatMap(Kind.init),
            let key = try? PublicKey(encoded: KeyAlgorithm.ed25519.encoded(Array(bytes.dropFirst())))
        else {
            throw .malformed("'\(printable(text, limit: 120))' is not an Ed25519 verifier key, name+hash+key")
        }
        try self.init(name: words[0], key: key, kind: kind)
        guard words[1] == Hexadecimal.encode(keyHash) else {
            throw .malformed("the key's hash is not \(printable(words[1]))")
        }
    }

    /// Whether a text can be the name of a key or a log: no white space, no control characters, no plus sign.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.unicodeScalars.contains { $0.properties.isWhitespace || $0 == "+" || $0.value < 0x20 }
    }
}
