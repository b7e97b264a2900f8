import COpenSSL

/// A running SHA-256, by OpenSSL's EVP interface, which uses the processor's SHA instructions (FIPS 180-4).
///
/// Move-only: a hash in progress has one owner. Not thread-safe; hand it over, don't share it.
package struct DigestHasher: ~Copyable {
    private let context: OpaquePointer

    /// Starts a hash over no bytes yet.
    ///
    /// Traps only when OpenSSL can't allocate 200 bytes or lacks SHA-256, which no input can bring about.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL has no SHA-256")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "SHA-256 can't fail on bytes in memory")
    }

    /// Adds bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Ends the hash and names what was added.
    package consuming func finalize() -> Digest {
        let bytes = [UInt8](unsafeUninitializedCapacity: Digest.byteCount) { buffer, count in
            let status = EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            precondition(status == 1, "SHA-256 can't fail on bytes in memory")
            count = Digest.byteCount
        }
        guard let digest = try? Digest(bytes: bytes) else { preconditionFailure("SHA-256 has 32 bytes") }
        return digest
    }
}

extension Digest {
    /// The digest of bytes in memory.
    package static func of(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = DigestHasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The digest of bytes in memory.
    package static func of(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { of($0) }
    }

    /// The digest and the size of what `read` puts into the buffer that it is given, piece by piece, until that is
    /// nothing or `limit` bytes have come; `body` gets each piece.
    ///
    /// The buffer is one of its own where none is given. Throws what `read` and `body` throw.
    package static func of<Failure: Error>(
        into buffer: UnsafeMutableRawBufferPointer? = nil,
        atMost limit: Int64 = .max,
        reading read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int,
        passing body: (UnsafeRawBufferPointer) throws(Failure) -> Void = { (_) throws(Failure) in }
    ) throws(Failure) -> (digest: Digest, size: Int64) {
        let own = buffer == nil ? UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096) : nil
        defer { own?.deallocate() }
        var hasher = DigestHasher()
        var size: Int64 = 0
        guard let buffer = buffer ?? own else { return (hasher.finalize(), 0) }
        while size < limit {
            let wanted = Int(min(limit - size, Int64(buffer.count)))
            let count = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
            guard count > 0 else { break }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(piece)
            try body(piece)
            size += Int64(count)
        }
        return (hasher.finalize(), size)
    }

    /// The digest of a text's UTF-8 bytes.
    package static func of(_ text: String) -> Digest {
        of(Array(text.utf8))
    }
}
