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
        if request.method == .HEAD, case .stored = blob, try !blobs.isThere(digest) {
            throw RegistryProblem.unknownBlob("\(name)", in: repository.name.text)
        }
        return try BlobAnswer(opener: blobs).answer(blob, digest, named: "\(name)", request)
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
