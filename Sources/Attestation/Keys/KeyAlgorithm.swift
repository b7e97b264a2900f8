/// The kinds of signing keys.
package enum KeyAlgorithm: String, Sendable, CaseIterable {
    /// ECDSA over P-256 with SHA-256; a signature is ASN.1 DER.
    case ecdsaP256 = "ecdsa-p256"
    /// Ed25519 over the message itself (RFC 8032); a signature has 64 bytes.
    case ed25519

    /// What a SubjectPublicKeyInfo of the kind begins with, before the key's own bytes (RFC 5480, RFC 8410).
    ///
    /// For P-256 it includes the mark of an uncompressed point.
    var prefix: [UInt8] {
        switch self {
        case .ecdsaP256:
            [
                0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86,
                0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
            ]
        case .ed25519: [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        }
    }

    /// The SubjectPublicKeyInfo around a key's own bytes, ``PublicKey/raw``.
    package func encoded(_ raw: [UInt8]) -> [UInt8] { prefix + raw }

    /// The length of a SubjectPublicKeyInfo of the kind.
    var encodedCount: Int { prefix.count + (self == .ecdsaP256 ? 64 : 32) }
}
