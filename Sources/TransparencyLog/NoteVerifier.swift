package import Attestation
import ContentAddress
import Printable

/// A key that verifies notes, by the name under which it signs (C2SP signed-note 1.0.0, "Verifier keys").
package struct NoteVerifier: Sendable, Hashable {
    static let hashCount = 4
    /// The type byte of Ed25519.
    private static let kind: UInt8 = 1

    /// Its name.
    package let name: String
    /// An Ed25519 key.
    package let key: PublicKey

    /// A key under a name; throws for a key that isn't Ed25519, and a name that can't stand in a note.
    package init(name: String, key: PublicKey) throws(NoteError) {
        guard Self.isName(name) else { throw .malformed("'\(printable(name))' can't be the name of a key") }
        guard key.algorithm == .ed25519 else { throw .malformed("notes are signed with Ed25519 keys") }
        self.name = name
        self.key = key
    }

    /// The first bytes of the hash of name, kind and key: which of several keys of a name it is.
    package var keyHash: [UInt8] {
        Array(Digest.of(Array(name.utf8) + [0x0A, Self.kind] + key.raw).bytes.prefix(Self.hashCount))
    }

    /// The key as one word, `name+hash+key`.
    package var text: String { "\(name)+\(Hexadecimal.encode(keyHash))+\(Base64.encode([Self.kind] + key.raw))" }

    /// Reads what ``text`` writes.
    package init(parsing text: String) throws(NoteError) {
        let words = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, let bytes = Base64.decode(words[2]), bytes.first == Self.kind,
            let key = try? PublicKey(encoded: KeyAlgorithm.ed25519.encoded(Array(bytes.dropFirst())))
        else { throw .malformed("'\(printable(text, limit: 120))' is not a verifier's key, name+hash+key") }
        try self.init(name: words[0], key: key)
        guard words[1] == Hexadecimal.encode(keyHash) else {
            throw .malformed("the key's hash is not \(printable(words[1]))")
        }
    }

    /// Whether a text can be the name of a key or a log: no white space, no control characters, no plus sign.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.unicodeScalars.contains { $0.properties.isWhitespace || $0 == "+" || $0.value < 0x20 }
    }
}
