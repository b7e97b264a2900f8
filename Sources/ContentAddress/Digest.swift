/// The SHA-256 digest of some bytes: the one name that content has.
///
/// It is made by hashing (``DigestHasher``) or by parsing, never from a loose string. The written form is
/// `sha256:` and 64 lower-case hexadecimal digits (OCI image specification 1.1, descriptor.md, "Digests").
package struct Digest: Hashable, Sendable {
    /// Length of the raw digest in bytes.
    package static let byteCount = 32

    // Four words rather than an array: a digest is a dictionary key in hot loops and must not allocate.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// A digest from its 32 raw bytes.
    ///
    /// Throws ``DigestError/wrongLength(_:)`` for any other count.
    package init(bytes: some Collection<UInt8>) throws(DigestError) {
        guard bytes.count == Self.byteCount else { throw .wrongLength(bytes.count) }
        var raw: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &raw) { $0.copyBytes(from: bytes) }
        words = (
            UInt64(bigEndian: raw.0), UInt64(bigEndian: raw.1), UInt64(bigEndian: raw.2), UInt64(bigEndian: raw.3)
        )
    }

    /// A digest from its written form, `sha256:<64 lower-case hexadecimal digits>`.
    package init(parsing text: some StringProtocol) throws(DigestError) {
        guard let digest = Self.contiguous(text, Self.parse) else { throw .malformed(String(text)) }
        self = digest
    }

    /// The same for the bytes of a text: a manifest of many layers has a digest for each.
    package init(parsing text: UnsafeBufferPointer<UInt8>) throws(DigestError) {
        guard let digest = Self.parse(text) else { throw .malformed(String(decoding: text, as: UTF8.self)) }
        self = digest
    }

    /// A digest from 64 lower-case hexadecimal digits, as in the file names under `blobs/sha256`.
    package init(hex text: some StringProtocol) throws(DigestError) {
        guard let digest = Self.contiguous(text, Self.read) else { throw .malformed(String(text)) }
        self = digest
    }

    private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    private static func contiguous(
        _ text: some StringProtocol,
        _ read: (UnsafeBufferPointer<UInt8>) -> Digest?
    ) -> Digest? {
        if let digest = text.utf8.withContiguousStorageIfAvailable(read) { return digest }
        var text = String(text)
        return text.withUTF8(read)
    }

    private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Digest? {
        let prefix: StaticString = "sha256:"
        let count = prefix.utf8CodeUnitCount
        guard text.starts(with: UnsafeBufferPointer(start: prefix.utf8Start, count: count)) else { return nil }
        return read(UnsafeBufferPointer(rebasing: text[count...]))
    }

    private static func read(_ digits: UnsafeBufferPointer<UInt8>) -> Digest? {
        let raw = UnsafeRawBufferPointer(digits)
        guard raw.count == 2 * byteCount, let first = Hexadecimal.word(raw, at: 0),
            let second = Hexadecimal.word(raw, at: 16),
            let third = Hexadecimal.word(raw, at: 32), let fourth = Hexadecimal.word(raw, at: 48)
        else { return nil }
        return Digest(words: (first, second, third, fourth))
    }

    /// The 32 raw bytes.
    package var bytes: [UInt8] {
        let raw = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return withUnsafeBytes(of: raw) { Array($0) }
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String { Hexadecimal.encode(bytes) }

    /// `sha256:` and the first twelve digits, for tables that people read.
    package var short: String { "sha256:" + hex.prefix(12) }

    /// Whether two digests are the same bytes.
    package static func == (left: Self, right: Self) -> Bool {
        left.words == right.words
    }

    /// Feeds the first word only: a digest is already spread evenly.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}

extension Digest: Comparable {
    /// Byte order.
    package static func < (left: Self, right: Self) -> Bool {
        left.words < right.words
    }
}

extension Digest: CustomStringConvertible {
    /// The written form, `sha256:<hex>`.
    package var description: String { "sha256:" + hex }
}

extension Digest: Codable {
    /// Reads the written form from a JSON string.
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the written form as a JSON string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
