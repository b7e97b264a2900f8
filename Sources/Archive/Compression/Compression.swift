/// How a stream is compressed, as its first bytes tell.
package enum Compression: String, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// gzip (RFC 1952).
    case gzip
    /// Zstandard (RFC 8878).
    case zstd
    case bzip2
    case xz
    /// The format before xz (xz(1), `--format=lzma`). It has no signature, and layers aren't compressed by it.
    case lzma

    /// How many first bytes ``init(detecting:)`` wants to see.
    package static let prefixLength = 6
    /// How many first bytes ``init(detectingInArchive:)`` wants to see.
    package static let archivePrefixLength = LZMAHeader.size

    /// Looks at a stream's first bytes; what has none of the known signatures counts as uncompressed.
    package init(detecting prefix: some Collection<UInt8>) {
        self = Self.allCases.first { !$0.signature.isEmpty && prefix.starts(with: $0.signature) } ?? .none
        // A stream of Zstandard may begin with a skippable frame, whose signature has 16 forms.
        if self == .none, Self.isSkippableFrame(prefix) { self = .zstd }
    }

    /// The same of a stream in an archive, or of an archive: ``lzma`` is found, too.
    package init(detectingInArchive prefix: some Collection<UInt8>) {
        self.init(detecting: prefix)
        if self == .none, LZMAHeader.matches(prefix) { self = .lzma }
    }

    /// Whether a stream begins with a skippable frame of Zstandard: some engines don't take it for Zstandard then, and
    /// read its bytes as an archive.
    package static func isSkippableFrame(_ prefix: some Collection<UInt8>) -> Bool {
        guard prefix.count >= 4, let first = prefix.first else { return false }
        return first & 0xF0 == 0x50 && prefix.dropFirst().starts(with: [0x2A, 0x4D, 0x18])
    }

    /// Whether decompressing takes much longer than hashing what comes out.
    package var isSlow: Bool {
        switch self {
        case .none, .gzip, .zstd: false
        case .bzip2, .xz, .lzma: true
        }
    }

    private var signature: [UInt8] {
        switch self {
        case .none, .lzma: []
        case .gzip: [0x1F, 0x8B]
        case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
        case .bzip2: Array("BZh".utf8)
        case .xz: [0xFD] + Array("7zXZ\0".utf8)
        }
    }
}
