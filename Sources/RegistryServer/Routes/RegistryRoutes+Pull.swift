import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Printable

/// Pulling, and the list of tags (OCI distribution specification 1.1, "Pull", "Listing Tags").
extension RegistryRoutes {
    /// The tags of one page, where the client asks for no other number, and the most it may ask for.
    static let pageSize = 1000

    /// A blob of at most that many bytes is read, hashed and sent; a larger one is sent from its file.
    private static let smallBlob: Int64 = 64 << 10

    /// end-3.
    func manifest(
        _ reference: RegistryRoute.Reference,
        in repository: any Repository,
        _ request: HTTPRequestHead
    ) throws -> Answer {
        let served: ServedManifest
        switch reference {
        case .tag(let tag): served = try repository.manifest(tag)
        case .digest(let name):
            guard let digest = try resolve(name), let document = try repository.manifest(digest) else {
                throw RegistryProblem.unknownManifest("\(name)", in: repository.name.text)
            }
            served = ServedManifest(document: document, name: "\(name)")
        }
        let entityTag = "\"\(served.name)\""
        let fields = [("Docker-Content-Digest", served.name), ("ETag", entityTag)]
        if let answer = Self.conditional(Preconditions(request.headers), entityTag, fields) { return answer }
        return Answer(.ok, type: Self.safe(served.document.mediaType), .bytes(served.document.bytes), fields)
    }

    /// end-2.
    func blob(_ name: ContentName, in repository: any Repository, _ request: HTTPRequestHead) throws -> Answer {
        guard let digest = try resolve(name), let blob = try repository.blob(digest) else {
            throw RegistryProblem.unknownBlob("\(name)", in: repository.name.text)
        }
        let size =
            switch blob {
            case .stored(let size): size
            case .made(let bytes): Int64(bytes.count)
            }
        let entityTag = "\"\(name)\""
        var fields = [("Docker-Content-Digest", "\(name)"), ("ETag", entityTag), ("Accept-Ranges", "bytes")]
        let conditions = Preconditions(request.headers)
        if let answer = Self.conditional(conditions, entityTag, fields) { return answer }
        let type = "application/octet-stream"
        if request.method == .HEAD {
            if case .stored = blob, try !blobs.isThere(digest) {
                throw RegistryProblem.unknownBlob("\(name)", in: repository.name.text)
            }
            return Answer(.ok, type: type, .length(size), fields)
        }
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
        case .stored(let size) where size <= Self.smallBlob: bytes = try blobs.bytes(digest, size: size)
        case .stored(let size): return .file(try blobs.open(digest, size: size), range)
        }
        guard Int64(bytes.count) >= range.upperBound else {
            throw StoreError.damaged(
                digest: digest,
                path: store.paths.blob(digest),
                reason: "it has \(bytes.count) bytes, and the index says otherwise"
            )
        }
        return .bytes(Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
    }

    /// end-8.
    func tags(_ repository: any Repository, _ query: [String: String]) throws -> Answer {
        var limit = Self.pageSize
        if let text = query["n"] {
            guard let number = Int(text), number >= 0 else {
                let message: Message = "n is the most tags to list, a whole number: '\(text, limit: 40)' is none"
                throw RegistryProblem(status: .badRequest, code: .pageInvalid, message: message.text)
            }
            limit = min(number, Self.pageSize)
        }
        // A repository that isn't there is told apart from an empty page of one that is.
        var page = try repository.tags(after: query["last"] ?? "", limit: max(limit, 1))
        if limit == 0 { page = TagPage(tags: [], next: nil) }
        let name = repository.name.text
        let body = CanonicalJSON.encode(
            .object(["name": .string(name), "tags": .array(page.tags.map { .string($0) })])
        )
        // A tag has no character that a query must encode.
        let link = page.next.map { [("Link", "</v2/\(name)/tags/list?n=\(limit)&last=\($0)>; rel=\"next\"")] } ?? []
        return Answer(.ok, type: "application/json", .bytes(body), link)
    }

    private static func conditional(
        _ conditions: Preconditions,
        _ entityTag: String,
        _ fields: [(String, String)]
    ) -> Answer? {
        switch conditions.outcome(entityTag) {
        case .proceeds: nil
        case .notModified: Answer(.notModified, type: nil, .bytes([]), fields)
        case .failed: Answer(.preconditionFailed, type: nil, .bytes([]), fields)
        }
    }

    // Documents come from anywhere: their type makes no header field of its own, and no page for a browser.
    private static func safe(_ mediaType: String) -> String {
        let isPlain = mediaType.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isPlain && mediaType.hasPrefix("application/") ? mediaType : "application/octet-stream"
    }
}
