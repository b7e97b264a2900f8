import COpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
enum MessageAuthentication {
    /// The 32 bytes for a message under a key.
    ///
    /// Traps only when OpenSSL lacks HMAC or can't allocate, which no input can bring about.
    static func code(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            var length = 0
            // Not nil for an empty key: nil takes the place of "none given".
            let key = key.isEmpty ? [0] : key
            let done = EVP_Q_mac(
                nil,
                "HMAC",
                nil,
                "SHA256",
                nil,
                key,
                key.count,
                message,
                message.count,
                buffer.baseAddress,
                32,
                &length
            )
            precondition(done != nil && length == 32, "OpenSSL has no HMAC")
            count = length
        }
    }
}
