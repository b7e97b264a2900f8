import ArtifactStore
import ContentAddress
import NIOHTTP1

/// Answers a request for a blob: its bytes or a range of them, under the conditions that the request sets.
struct BlobAnswer {
    let opener: BlobOpener

    /// A blob of at most that many bytes is read, hashed and sent; a larger one is sent from its file.
    private static let smallBlob: Int64 = 64 << 10

    /// Answers a request for a blob that was asked for by a digest, `name`.
    ///
    /// Whether a stored blob is there is the caller's question: HEAD opens no file.
    func answer(
        _ blob: ServedBlob,
        _ digest: Digest,
        named name: String? = nil,
        _ request: HTTPRequestHead
    ) throws -> Answer {
        let name = name ?? "\(digest)"
        let entityTag = "\"\(name)\""
        var fields = [("Docker-Content-Digest", name), ("ETag", entityTag), ("Accept-Ranges", "bytes")]
        let conditions = Preconditions(request.headers)
        switch conditions.outcome(entityTag) {
        case .proceeds: break
        case .notModified: return Answer(.notModified, type: nil, .bytes([]), fields)
        case .failed: return Answer(.preconditionFailed, type: nil, .bytes([]), fields)
        }
        let type = "application/octet-stream"
        let size = blob.size
        if request.method == .HEAD { return Answer(.ok, type: type, .length(size), fields) }
        let ranges = request.headers["Range"]
        let isRanged = ranges.count == 1 && conditions.allowsRange(entityTag)
        switch ByteRange(isRanged ? ranges[0] : nil, size: size) {
        case .whole: return Answer(.ok, type: type, try body(blob, digest, 0..<size), fields)
        case .part(let range):
            fields.append(("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"))
            return Answer(.partialContent, type: type, try body(blob, digest, range), fields)
        case .unsatisfiable:
            fields.append(("Content-Range", "bytes */\(size)"))
            return Answer(.rangeNotSatisfiable, type: nil, .bytes([]), fields)
        }
    }

    private func body(_ blob: ServedBlob, _ digest: Digest, _ range: Range<Int64>) throws -> Answer.Body {
        let bytes: [UInt8]
        switch blob {
        case .made(let made): bytes = made
        case .stored(let size) where size <= Self.smallBlob: bytes = try opener.bytes(digest, size: size)
        case .stored(let size): return .file(try opener.open(digest, size: size), range)
        }
        guard Int64(bytes.count) >= range.upperBound else {
            throw StoreError.damaged(
                digest: digest,
                path: opener.store.paths.blob(digest),
                reason: "it has \(bytes.count) bytes, and the index says otherwise"
            )
        }
        return .bytes(Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
    }
}
