import COpenSSL

/// NaCl's `secretbox`: XSalsa20 and Poly1305 (Bernstein, "Cryptography in NaCl", section 10), for opening alone.
enum SecretBox {
    static let keyCount = 32
    static let nonceCount = 24
    private static let tagCount = 16

    /// The message in a box; nil where key, nonce and box don't belong together.
    static func open(_ box: [UInt8], key: [UInt8], nonce: [UInt8]) throws(KeyError) -> [UInt8]? {
        guard key.count == keyCount, nonce.count == nonceCount, box.count >= tagCount else { return nil }
        let tag = Array(box.prefix(tagCount))
        let hidden = Array(box.dropFirst(tagCount))
        let stream = stream(key, nonce, count: keyCount + hidden.count)
        let expected = try authenticator(of: hidden, key: Array(stream.prefix(keyCount)))
        guard expected.count == tagCount, CRYPTO_memcmp(tag, expected, tagCount) == 0 else { return nil }
        return zip(hidden, stream.dropFirst(keyCount)).map { $0 ^ $1 }
    }

    private static func authenticator(of message: [UInt8], key: [UInt8]) throws(KeyError) -> [UInt8] {
        guard let pointer = EVP_PKEY_new_raw_private_key(NID_poly1305, nil, key, key.count) else {
            throw .failed("EVP_PKEY_new_raw_private_key")
        }
        let handle = KeyHandle(owning: pointer)
        guard let context = EVP_MD_CTX_new() else { throw .failed("EVP_MD_CTX_new") }
        defer { EVP_MD_CTX_free(context) }
        var tag = [UInt8](repeating: 0, count: tagCount)
        var count = tag.count
        guard EVP_DigestSignInit(context, nil, nil, nil, handle.pointer) == 1,
            EVP_DigestSign(context, &tag, &count, message, message.count) == 1
        else { throw .failed("EVP_DigestSign") }
        return Array(tag.prefix(count))
    }

    // XSalsa20: the first 16 bytes of the nonce make a key, the last 8 are the nonce of Salsa20 with it.
    private static func stream(_ key: [UInt8], _ nonce: [UInt8], count: Int) -> [UInt8] {
        var state = block(words(key), words(Array(nonce.prefix(16))))
        rounds(&state)
        let subkey = [0, 5, 10, 15, 6, 7, 8, 9].map { state[$0] }
        let rest = words(Array(nonce.dropFirst(16)))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 64)
        var counter: UInt64 = 0
        while bytes.count < count {
            let low = UInt32(truncatingIfNeeded: counter)
            let high = UInt32(truncatingIfNeeded: counter >> 32)
            let start = block(subkey, rest + [low, high])
            var end = start
            rounds(&end)
            for (first, last) in zip(start, end) {
                let word = first &+ last
                bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
            }
            counter &+= 1
        }
        return Array(bytes.prefix(count))
    }

    private static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count, by: 4).map { place in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
        }
    }

    // "expand 32-byte k" around a key of eight words and an input of four.
    private static func block(_ key: [UInt32], _ input: [UInt32]) -> [UInt32] {
        let constants: [UInt32] = [0x6170_7865, 0x3320_646E, 0x7962_2D32, 0x6B20_6574]
        return [constants[0]] + key[0..<4] + [constants[1]] + input + [constants[2]] + key[4..<8] + [constants[3]]
    }

    // The 20 rounds of Salsa20: columns and rows in turn.
    private static func rounds(_ x: inout [UInt32]) {
        func quarter(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
            x[b] ^= rotated(x[a] &+ x[d], 7)
            x[c] ^= rotated(x[b] &+ x[a], 9)
            x[d] ^= rotated(x[c] &+ x[b], 13)
            x[a] ^= rotated(x[d] &+ x[c], 18)
        }
        for _ in 0..<10 {
            quarter(0, 4, 8, 12)
            quarter(5, 9, 13, 1)
            quarter(10, 14, 2, 6)
            quarter(15, 3, 7, 11)
            quarter(0, 1, 2, 3)
            quarter(5, 6, 7, 4)
            quarter(10, 11, 8, 9)
            quarter(15, 12, 13, 14)
        }
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}
