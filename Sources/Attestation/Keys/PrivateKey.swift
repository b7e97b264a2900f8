import COpenSSL

/// A private key in memory; it is written nowhere but where ``pem(passphrase:)`` goes.
package struct PrivateKey: Sendable {
    /// Its public half.
    package let publicKey: PublicKey
    private let handle: KeyHandle

    /// A new key, from the system's randomness.
    package static func generate(_ algorithm: KeyAlgorithm) throws(KeyError) -> PrivateKey {
        let kind = algorithm == .ecdsaP256 ? NID_X9_62_id_ecPublicKey : NID_ED25519
        guard let context = EVP_PKEY_CTX_new_id(kind, nil) else { throw .failed("EVP_PKEY_CTX_new_id") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1 else { throw .failed("EVP_PKEY_keygen_init") }
        if algorithm == .ecdsaP256, EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) != 1 {
            throw .failed("EVP_PKEY_CTX_set_ec_paramgen_curve_nid")
        }
        var pointer: OpaquePointer?
        guard EVP_PKEY_keygen(context, &pointer) == 1, let pointer else { throw .failed("EVP_PKEY_keygen") }
        return try PrivateKey(KeyHandle(owning: pointer), what: "the new key")
    }

    /// A key from PEM: PKCS#8, encrypted or not, an EC key of OpenSSL's older form, or a key that cosign encrypted.
    ///
    /// `what` names it in errors. A passphrase that isn't needed is ignored.
    package init(pem: [UInt8], passphrase: [UInt8]? = nil, what: String = "the private key") throws(KeyError) {
        guard pem.count <= PublicKey.sizeLimit else { throw .unreadable(what: what, reason: "it is too long") }
        if let plain = try CosignKey.decrypted(pem, passphrase: passphrase, what: what) {
            try self.init(pem: Array(PEM.encode(plain, label: "PRIVATE KEY").utf8), what: what)
            return
        }
        let buffer = try MemoryBuffer(pem)
        let answer = Passphrase(passphrase)
        let pointer = withExtendedLifetime(answer) {
            PEM_read_bio_PrivateKey(
                buffer.pointer,
                nil,
                Passphrase.answer,
                Unmanaged.passUnretained(answer).toOpaque()
            )
        }
        guard let pointer else {
            ERR_clear_error()
            guard answer.isAsked else {
                throw .unreadable(what: what, reason: "a PRIVATE KEY in PEM (PKCS#8) is expected")
            }
            throw passphrase == nil ? .passphraseNeeded(what: what) : .wrongPassphrase(what: what)
        }
        try self.init(KeyHandle(owning: pointer), what: what)
    }

    private init(_ handle: KeyHandle, what: String) throws(KeyError) {
        self.handle = handle
        // What it signs must be verified by a key in its one form.
        let algorithm = try handle.algorithm(what: what)
        if algorithm == .ecdsaP256 {
            // A file has both halves, which needn't be one key's; Ed25519's public half is made from the private one.
            guard let context = EVP_PKEY_CTX_new_from_pkey(nil, handle.pointer, nil) else {
                throw .failed("EVP_PKEY_CTX_new_from_pkey")
            }
            defer { EVP_PKEY_CTX_free(context) }
            guard EVP_PKEY_pairwise_check(context) == 1 else {
                ERR_clear_error()
                throw .unreadable(what: what, reason: "its public half is another key's")
            }
            EVP_PKEY_set_utf8_string_param(handle.pointer, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed")
        }
        publicKey = try PublicKey(handle, encoded: try handle.encodedPublicKey(), what: what)
    }

    /// The key in PKCS#8, encrypted where there is a passphrase.
    ///
    /// Encrypted is it by PBES2 with AES-256-CBC and PBKDF2 of HMAC-SHA-256, which OpenSSL reads since 1.0 (RFC 8018).
    package func pem(passphrase: [UInt8]? = nil) throws(KeyError) -> String {
        guard let encoded = EVP_PKEY2PKCS8(handle.pointer) else { throw .failed("EVP_PKEY2PKCS8") }
        defer { PKCS8_PRIV_KEY_INFO_free(encoded) }
        let buffer = try MemoryBuffer()
        guard let passphrase else {
            guard PEM_write_bio_PKCS8_PRIV_KEY_INFO(buffer.pointer, encoded) == 1 else {
                throw .failed("PEM_write_bio_PKCS8_PRIV_KEY_INFO")
            }
            return buffer.text()
        }
        let text = passphrase.map { CChar(bitPattern: $0) }
        guard
            let encrypted = PKCS8_encrypt(
                NID_hmacWithSHA256,
                EVP_aes_256_cbc(),
                text,
                CInt(clamping: text.count),
                nil,
                Self.saltCount,
                Self.iterations,
                encoded
            )
        else { throw .failed("PKCS8_encrypt") }
        defer { X509_SIG_free(encrypted) }
        guard PEM_write_bio_PKCS8(buffer.pointer, encrypted) == 1 else { throw .failed("PEM_write_bio_PKCS8") }
        return buffer.text()
    }

    /// Bytes of salt, and rounds of PBKDF2, which take about 0.3 s (OWASP's number for HMAC-SHA-256).
    private static let saltCount: CInt = 16
    private static let iterations: CInt = 600_000

    /// A signature over a message.
    package func sign(_ message: [UInt8]) throws(KeyError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw .failed("EVP_MD_CTX_new") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestSignInit(context, nil, publicKey.algorithm.hash, nil, handle.pointer) == 1 else {
            throw .failed("EVP_DigestSignInit")
        }
        var count = 0
        guard EVP_DigestSign(context, nil, &count, message, message.count) == 1 else { throw .failed("EVP_DigestSign") }
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
            throw .failed("EVP_DigestSign")
        }
        return Array(signature.prefix(count))
    }
}
