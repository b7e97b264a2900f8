import COpenSSL

/// A running MD5 or SHA-1, for formats that name files by them: SPDX 2.3, and the databases of dpkg and apk.
///
/// They identify a file, and prove nothing: whoever makes a file can make two with one digest. Move-only, not
/// thread-safe.
package struct LegacyHasher: ~Copyable {
    /// Which digest.
    package enum Algorithm: Sendable {
        case md5
        case sha1
    }

    private let context: OpaquePointer

    /// Starts a hash over no bytes yet; nil where OpenSSL is configured to have no such digest (FIPS).
    package init?(_ algorithm: Algorithm) {
        guard let context = EVP_MD_CTX_new() else { return nil }
        let kind = algorithm == .md5 ? EVP_md5() : EVP_sha1()
        guard EVP_DigestInit_ex(context, kind, nil) == 1 else {
            EVP_MD_CTX_free(context)
            return nil
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "a digest can't fail on bytes in memory")
    }

    /// Adds bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Ends the hash: 16 bytes for MD5, 20 for SHA-1.
    package consuming func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            let status = EVP_DigestFinal_ex(context, buffer.baseAddress, &length)
            precondition(status == 1, "a digest can't fail on bytes in memory")
            count = Int(length)
        }
    }
}
