/// The ways in which a blob's bytes are sent: registries, and what stands before them, don't take all of them.
enum UploadForm {
    /// One PATCH without a range, which most clients send, then PUT.
    case stream
    /// One PUT with everything.
    case single
    /// PATCH after PATCH, each with its range, then PUT.
    case pieces
    /// The same with small pieces, where something before the registry takes no larger requests.
    case smallPieces

    /// Smaller blobs go with the PUT first: a PATCH would cost a round trip and gain nothing.
    ///
    /// In bytes.
    static let smallSize: Int64 = 256 << 10

    /// A piece's size, in bytes, where the registry doesn't want larger ones: GitHub's refuses ranges above it.
    static let pieceSize: Int64 = 4 << 20

    /// The size of small pieces, in bytes: half of what nginx takes, when nobody says otherwise.
    static let smallPieceSize: Int64 = 512 << 10

    /// How long a piece is; nil where everything is sent at once.
    var pieceSize: Int64? {
        switch self {
        case .stream, .single: nil
        case .pieces: Self.pieceSize
        case .smallPieces: Self.smallPieceSize
        }
    }

    /// What is tried after this form, though it isn't in the order: smaller requests, where the size is what is
    /// refused.
    func next(after error: RegistryError) -> UploadForm? {
        guard self == .pieces, case .refused(_, _, let status, _) = error, status == 413 || status == 416 else {
            return nil
        }
        return .smallPieces
    }

    /// What is tried for a blob, each once.
    static func order(for size: Int64) -> [UploadForm] {
        if size == 0 { return [.single] }
        return size <= smallSize ? [.single, .stream, .pieces] : [.stream, .single, .pieces]
    }
}
