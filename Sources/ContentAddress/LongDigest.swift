import COpenSSL

/// The SHA-512 digest of some bytes, under which registries must take and give content too.
///
/// Nothing is stored by it: it stands beside the ``Digest`` of the same bytes. The written form is `sha512:` and 128
/// lower-case hexadecimal digits (OCI image specification 1.1, descriptor.md, "Registered algorithms").
package struct LongDigest: Hashable, Sendable {
    /// Length of the raw digest in bytes.
    package static let byteCount = 64

    private static let prefix = "sha512:"
    private let hex: String

    /// A digest from its written form.
    package init(parsing text: some StringProtocol) throws(DigestError) {
        let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard text.utf8.starts(with: Self.prefix.utf8), digits.count == 2 * Self.byteCount,
            let bytes = Hexadecimal.decode(digits)
        else { throw .malformed(String(text)) }
        hex = Hexadecimal.encode(bytes)
    }

    fileprivate init(bytes: [UInt8]) { hex = Hexadecimal.encode(bytes) }

    /// The digest of bytes in memory.
    package static func of(_ bytes: [UInt8]) -> LongDigest {
        var hasher = LongDigestHasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }
}

extension LongDigest: CustomStringConvertible {
    /// The written form, `sha512:<hex>`.
    package var description: String { Self.prefix + hex }
}

/// A running SHA-512 (FIPS 180-4), by OpenSSL's EVP interface.
///
/// Move-only, not thread-safe.
package struct LongDigestHasher: ~Copyable {
    private let context: OpaquePointer

    /// Starts a hash over no bytes yet.
    ///
    /// Traps only when OpenSSL can't allocate 200 bytes or lacks SHA-512, which no input can bring about.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha512(), nil) == 1 else {
            preconditionFailure("OpenSSL has no SHA-512")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "SHA-512 can't fail on bytes in memory")
    }

    /// Ends the hash and names what was added.
    package consuming func finalize() -> LongDigest {
        LongDigest(
            bytes: [UInt8](unsafeUninitializedCapacity: LongDigest.byteCount) { buffer, count in
                let status = EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
                precondition(status == 1, "SHA-512 can't fail on bytes in memory")
                count = LongDigest.byteCount
            }
        )
    }
}
