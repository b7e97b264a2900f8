import ContentAddress

/// UUIDs made from names (RFC 9562, version 5).
enum NameBasedUUID {
    // The namespace for URLs, 6ba7b811-9dad-11d1-80b4-00c04fd430c8.
    private static let urls: [UInt8] = [
        0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
    ]

    /// The UUID of a URL, as `8-4-4-4-12` digits.
    ///
    /// Where OpenSSL has no SHA-1, a version 8 UUID is made from SHA-256.
    static func text(of url: String) -> String {
        var (bytes, version) = digest(of: urls + Array(url.utf8))
        bytes[6] = bytes[6] & 0x0F | version << 4
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(Hexadecimal.encode(bytes).utf8)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
            .joined(separator: "-")
    }

    private static func digest(of bytes: [UInt8]) -> ([UInt8], version: UInt8) {
        if var hasher = LegacyHasher(.sha1) {
            hasher.update(bytes)
            return (Array(hasher.finalize().prefix(16)), 5)
        }
        var hasher = DigestHasher()
        hasher.update(bytes)
        return (Array(hasher.finalize().bytes.prefix(16)), 8)
    }
}
