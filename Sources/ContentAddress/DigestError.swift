import Printable

/// Why something is not a digest.
package enum DigestError: Error, Equatable, CustomStringConvertible {
    /// The text is not `sha256:` and 64 lower-case hexadecimal digits.
    case malformed(String)
    /// A raw digest has 32 bytes, this one had another count.
    case wrongLength(Int)

    /// One line for a person.
    package var description: String {
        switch self {
        case .malformed(let text):
            "'\(printable(text, limit: 80))' is not a digest: sha256: and 64 lower-case hexadecimal digits are expected"
        case .wrongLength(let count):
            "a SHA-256 digest has \(Digest.byteCount) bytes, not \(count)"
        }
    }
}
