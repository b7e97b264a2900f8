package import ArtifactStore
import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI
import Printable

/// Answers the requests of a registry's clients from a store.
///
/// All calls block.
package final class RegistryRoutes: Sendable {
    private let store: Store
    private let names: ServedNames
    private let drafts: DraftRule
    private let blobs: BlobOpener
    private let documents = DocumentCache()
    private let releases = ReleaseDocumentCache()
    private let report: @Sendable (String) -> Void

    /// The tags of one page, where the client asks for no other number, and the most it may ask for.
    static let pageSize = 1000

    /// A blob of at most that many bytes is read, hashed and sent; a larger one is sent from its file.
    private static let smallBlob: Int64 = 64 << 10

    /// The routes of a store; `report` gets what the server fails at, for its log.
    package init(
        _ store: Store,
        names: ServedNames,
        drafts: DraftRule,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.names = names
        self.drafts = drafts
        self.report = report
        blobs = BlobOpener(store)
    }

    /// The answer to a request; that to HEAD has no body.
    func answer(_ request: HTTPRequestHead) -> Answer {
        var answer: Answer
        do {
            answer = try self.answering(request)
        } catch {
            answer = Answer(problem(error, request.uri))
        }
        if request.method == .HEAD { answer.body = .length(answer.body.count) }
        return answer
    }

    private func answering(_ request: HTTPRequestHead) throws -> Answer {
        guard let target = RequestTarget(request.uri) else { throw RegistryProblem.malformedTarget }
        guard let route = try RegistryRoute(target.segments) else { throw Self.nothing }
        guard request.method == .GET || request.method == .HEAD else { throw RegistryProblem.readOnly }
        switch route {
        case .base: return Answer(.ok, type: "application/json", .bytes(Array("{}".utf8)))
        case .tags(let name): return try tags(repository(name), target.query)
        case .manifest(let name, let reference):
            return try manifest(try repository(name).manifest(reference), Preconditions(request.headers))
        case .blob(let name, let digest): return try blob(digest, in: repository(name), request)
        case .uploads: throw Self.nothing
        }
    }

    private func repository(_ name: RepositoryName) -> any Repository {
        ReleaseRepository(name, store: store, documents: releases)
            ?? ImageRepository(
                name: name,
                spellings: names.spellings(of: name),
                store: store,
                documents: documents,
                drafts: drafts
            )
    }

    private func manifest(_ document: ImageDocument, _ conditions: Preconditions) throws -> Answer {
        let entityTag = "\"\(document.digest)\""
        let fields = [("Docker-Content-Digest", "\(document.digest)"), ("ETag", entityTag)]
        if let answer = Self.conditional(conditions, entityTag, fields) { return answer }
        return Answer(.ok, type: Self.safe(document.mediaType), .bytes(document.bytes), fields)
    }

    private func blob(_ digest: Digest, in repository: any Repository, _ request: HTTPRequestHead) throws -> Answer {
        guard let blob = try repository.blob(digest) else {
            throw RegistryProblem.unknownBlob("\(digest)", in: repository.name.text)
        }
        let size =
            switch blob {
            case .stored(let size): size
            case .made(let bytes): Int64(bytes.count)
            }
        let entityTag = "\"\(digest)\""
        var fields = [("Docker-Content-Digest", "\(digest)"), ("ETag", entityTag), ("Accept-Ranges", "bytes")]
        let conditions = Preconditions(request.headers)
        if let answer = Self.conditional(conditions, entityTag, fields) { return answer }
        let type = "application/octet-stream"
        if request.method == .HEAD {
            if case .stored = blob, try !blobs.isThere(digest) {
                throw RegistryProblem.unknownBlob("\(digest)", in: repository.name.text)
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

    private func tags(_ repository: any Repository, _ query: [String: String]) throws -> Answer {
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

    private static let nothing = RegistryProblem(
        status: .notFound,
        code: .unsupported,
        message: "there is nothing here: the registry's end-points begin with /v2/"
    )

    private func problem(_ error: any Error, _ target: String) -> RegistryProblem {
        switch error {
        case let problem as RegistryProblem: return problem
        case let error as StoreError where error.isBusy: return .busy
        default:
            let message: Message = "\(target, limit: 300): \(message: "\(error)")"
            report(message.text)
            // The index names it, and it isn't there: lost, or taken away since the index was asked.
            if case StoreError.notFound = error { return .gone }
            return .failure
        }
    }
}

extension StoreError {
    fileprivate var isBusy: Bool {
        if case .index(_, .busy, _) = self { true } else { false }
    }
}
