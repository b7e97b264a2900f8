/// Why an archive can't be read, or one of its members.
package struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Reason: Hashable, Sendable {
        /// It ends too early.
        case truncated
        /// Something isn't as the format has it; in words.
        case malformed(String)
        /// The zip file's directory and the member's own header say different things.
        case twoReadings
        /// The members take more room than the archive has: they lie over each other.
        case overlap
        /// The content isn't what its size or checksum says.
        case otherContent
        /// It is encrypted.
        case encrypted
        /// A form that isn't read; in words.
        case unsupported(String)
    }

    /// What kind of archive it is.
    package let format: ArchiveFormat
    /// What is wrong.
    package let reason: Reason
    /// Where, in bytes from the archive's start, or from the start of what it packs.
    package let offset: Int64

    init(_ reason: Reason, _ format: ArchiveFormat, at offset: some BinaryInteger) {
        self.format = format
        self.reason = reason
        self.offset = Int64(clamping: offset)
    }

    /// One line for a person.
    package var description: String {
        let words =
            switch reason {
            case .truncated: "it ends too early"
            case .malformed(let words): words
            case .twoReadings: "its directory and the member's own header differ"
            case .overlap: "its members overlap"
            case .otherContent: "the content isn't what its size and checksum say"
            case .encrypted: "it is encrypted"
            case .unsupported(let words): "\(words) can't be read"
            }
        return "the \(format.rawValue) archive, at byte \(offset): \(words)"
    }
}
