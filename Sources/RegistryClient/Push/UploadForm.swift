/// The ways in which a blob's bytes are sent: registries, and what stands before them, don't take all of them.
enum UploadForm {
    /// One PATCH without a range, which most clients send, then PUT.
    case stream
    /// One PUT with everything.
    case single
    /// PATCH after PATCH, each with its range, then PUT.
    case pieces

    /// Smaller blobs go with the PUT first: a PATCH would cost a round trip and gain nothing.
    ///
    /// In bytes.
    static let smallSize: Int64 = 256 << 10

    /// A piece's size, in bytes, where the registry doesn't want larger ones: GitHub's refuses ranges above it.
    static let pieceSize: Int64 = 4 << 20

    /// What is tried for a blob, each once.
    static func order(for size: Int64) -> [UploadForm] {
        if size == 0 { return [.single] }
        return size <= smallSize ? [.single, .stream, .pieces] : [.stream, .single, .pieces]
    }
}
