import COpenSSL

/// A key in OpenSSL's memory, which is freed with its last owner.
///
/// OpenSSL lets any number of threads use one key that nobody changes.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over a key.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    /// The kind, by OpenSSL's own name for the key and its curve.
    func algorithm(what: String) throws(KeyError) -> KeyAlgorithm {
        switch EVP_PKEY_get_base_id(pointer) {
        case NID_ED25519: return .ed25519
        case NID_X9_62_id_ecPublicKey:
            var name = [CChar](repeating: 0, count: 64)
            let isNamed = EVP_PKEY_get_group_name(pointer, &name, name.count, nil) == 1
            let curve = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard isNamed, curve == "prime256v1" else {
                throw .unsupported(what: what, kind: isNamed ? "ECDSA \(curve)" : "ECDSA with explicit parameters")
            }
            return .ecdsaP256
        default:
            let kind = EVP_PKEY_get0_type_name(pointer).map { String(cString: $0) } ?? "unknown"
            throw .unsupported(what: what, kind: kind)
        }
    }

    /// The public half as DER SubjectPublicKeyInfo.
    func encodedPublicKey() throws(KeyError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(pointer, &bytes)
        guard count > 0, let bytes else { throw .failed("i2d_PUBKEY") }
        defer { CRYPTO_free(bytes, nil, 0) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
}

/// A buffer of OpenSSL, for the calls that read and write PEM.
final class MemoryBuffer {
    let pointer: OpaquePointer

    /// Over a copy of bytes; an empty one to write to by default.
    init(_ bytes: [UInt8] = []) throws(KeyError) {
        guard let made = BIO_new(BIO_s_mem()) else { throw .failed("BIO_new") }
        pointer = made
        guard !bytes.isEmpty else { return }
        guard let count = Int32(exactly: bytes.count), BIO_write(pointer, bytes, count) == count else {
            throw .failed("BIO_write")
        }
    }

    deinit { BIO_free(pointer) }

    /// What stands in it, which is taken out.
    func text() -> String {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(pointer))
        let count = BIO_read(pointer, &bytes, Int32(clamping: bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }
}
