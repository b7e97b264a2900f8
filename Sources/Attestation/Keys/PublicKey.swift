import COpenSSL
package import ContentAddress

/// A public key that verifies statements or checkpoints.
package struct PublicKey: Sendable {
    /// Its kind.
    package let algorithm: KeyAlgorithm
    /// DER SubjectPublicKeyInfo, of which each key has exactly one.
    package let encoded: [UInt8]
    let handle: KeyHandle

    /// The most bytes of a file that is read as a key.
    package static let sizeLimit = 64 << 10

    /// A key from its DER SubjectPublicKeyInfo; `what` names it in errors.
    package init(encoded: [UInt8], what: String = "the public key") throws(KeyError) {
        guard
            let pointer = encoded.withUnsafeBufferPointer({ buffer in
                var start = buffer.baseAddress
                return d2i_PUBKEY(nil, &start, buffer.count)
            })
        else {
            ERR_clear_error()
            throw .unreadable(what: what, reason: "it is not a SubjectPublicKeyInfo")
        }
        try self.init(KeyHandle(owning: pointer), encoded: encoded, what: what)
    }

    /// A key from the text of a file with one `PUBLIC KEY` in PEM.
    package init(pem: [UInt8], what: String = "the public key") throws(KeyError) {
        guard pem.count <= Self.sizeLimit else { throw .unreadable(what: what, reason: "it is too long") }
        let text = String(decoding: pem, as: UTF8.self)
        let count = text.split(separator: "\n").count { $0.hasPrefix("-----BEGIN ") }
        guard count == 1 else {
            let found = count == 0 ? "it has no PEM" : "it has \(count) keys or certificates"
            throw .unreadable(what: what, reason: "\(found); one PUBLIC KEY in PEM is expected")
        }
        let buffer = try MemoryBuffer(pem)
        guard let pointer = PEM_read_bio_PUBKEY(buffer.pointer, nil, Passphrase.none, nil) else {
            ERR_clear_error()
            throw .unreadable(what: what, reason: "one PUBLIC KEY in PEM is expected")
        }
        let handle = KeyHandle(owning: pointer)
        try self.init(handle, encoded: try handle.encodedPublicKey(), what: what)
    }

    init(_ handle: KeyHandle, encoded: [UInt8], what: String) throws(KeyError) {
        algorithm = try handle.algorithm(what: what)
        // Another form of the same key, with a compressed point for one, would have another name.
        guard encoded.count == algorithm.encodedCount, encoded.starts(with: algorithm.prefix) else {
            throw .unreadable(what: what, reason: "it is not in the usual form (an uncompressed point)")
        }
        self.encoded = encoded
        self.handle = handle
    }

    /// The key's name: the SHA-256 of its DER SubjectPublicKeyInfo.
    package var identifier: Digest { Digest.of(encoded) }

    /// By what a sigstore bundle names the key: the base64 of ``identifier``.
    package var hint: String { Base64.encode(identifier.bytes) }

    /// The key's own bytes without what says its kind; for Ed25519, the 32 bytes of RFC 8032.
    package var raw: [UInt8] { Array(encoded.dropFirst(algorithm.prefix.count)) }

    /// `PUBLIC KEY` in PEM (RFC 7468, section 13).
    package var pem: String { PEM.encode(encoded, label: "PUBLIC KEY") }

    /// Whether a signature is this key's over a message.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, algorithm.hash, nil, handle.pointer) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

extension PublicKey: Hashable {
    /// Whether two are the same key.
    package static func == (left: Self, right: Self) -> Bool { left.encoded == right.encoded }

    /// Feeds the encoded key.
    package func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
}

extension KeyAlgorithm {
    /// The hash that is signed; nil where the message itself is.
    var hash: OpaquePointer? { self == .ecdsaP256 ? EVP_sha256() : nil }
}
