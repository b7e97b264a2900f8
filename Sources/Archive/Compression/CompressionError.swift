/// Why a compressed stream can't be read, and where in it.
package struct CompressionError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Reason: Equatable, Sendable {
        /// The stream ends before it says so.
        case truncated
        /// The bytes are not a stream of this kind, or a check value is wrong; the library's own words.
        case corrupt(String)
        /// Bytes follow the stream's end that start no further stream.
        case trailingBytes
        /// It can only be read with more memory than is allowed, or than there is.
        case memory
    }

    /// What is wrong.
    package let reason: Reason
    /// How the stream is compressed.
    package let compression: Compression
    /// How many bytes of compressed input were read before.
    package let offset: Int64

    /// An error at a place.
    package init(_ reason: Reason, _ compression: Compression, at offset: Int64) {
        self.reason = reason
        self.compression = compression
        self.offset = offset
    }

    /// One line for a person.
    package var description: String {
        "the \(compression.rawValue) stream is damaged at byte \(offset): \(reason.explanation)"
    }
}

extension CompressionError.Reason {
    /// What is wrong, in words for a message.
    var explanation: String {
        switch self {
        case .truncated: "it ends too early"
        case .corrupt(let words): words
        case .trailingBytes: "other bytes follow its end"
        case .memory: "it takes more memory to read than is allowed"
        }
    }
}
