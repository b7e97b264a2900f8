/// A digest by which content may be asked for: the one that it is stored by, or a longer one.
package enum ContentName: Hashable, Sendable, CustomStringConvertible {
    case own(Digest)
    case long(LongDigest)

    /// A digest from its written form.
    ///
    /// Throws ``DigestError/malformed(_:)`` for those of other algorithms, too.
    package init(parsing text: some StringProtocol) throws(DigestError) {
        self = if let long = try? LongDigest(parsing: text) { .long(long) } else { .own(try Digest(parsing: text)) }
    }

    /// The written form.
    package var description: String {
        switch self {
        case .own(let digest): digest.description
        case .long(let digest): digest.description
        }
    }

    /// Whether bytes have this digest.
    package func isOf(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .own(let digest): .of(bytes) == digest
        case .long(let digest): .of(bytes) == digest
        }
    }
}
