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
        let prefix = "sha256:"
        guard text.utf8.starts(with: prefix.utf8) else { throw .malformed(String(text)) }
        try self.init(hex: text.utf8.dropFirst(prefix.utf8.count))
    }

    /// A digest from 64 lower-case hexadecimal digits, as in the file names under `blobs/sha256`.
    package init(hex text: some StringProtocol) throws(DigestError) {
        try self.init(hex: text.utf8)
    }

    /// The same for a whole string, whose bytes lie together: a directory of a million blobs has a million names to
    /// read.
    package init(hex text: String) throws(DigestError) {
        var text = text
        let bytes = text.withUTF8 { $0.count == 2 * Self.byteCount ? Hexadecimal.decode($0) : nil }
        guard let bytes else { throw .malformed(text) }
        try self.init(bytes: bytes)
    }

    private init(hex digits: some Collection<UInt8>) throws(DigestError) {
        guard digits.count == 2 * Self.byteCount, let bytes = Hexadecimal.decode(digits) else {
            throw .malformed(String(decoding: digits, as: UTF8.self))
        }
        try self.init(bytes: bytes)
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
