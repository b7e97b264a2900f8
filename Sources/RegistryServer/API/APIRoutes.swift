import ArtifactStore
import ContentAddress
import NIOHTTP1
import Printable

/// Answers requests under `/api/v1`.
struct APIRoutes: Sendable {
    private let context: SiteContext

    /// All of it but the document that describes it.
    static let operations =
        ReleaseOperations.all + ArtifactOperations.all + ImageOperations.all + AuditOperations.all
        + PublishedOperations.all + SearchOperations.all + StorageOperations.all + LogOperations.all
        + EventOperations.all

    /// What takes a content here.
    private let uploads: [APIUpload]
    private let document: [UInt8]

    /// The document tells of what takes a content here.
    init(_ context: SiteContext, uploads: [APIUpload]) {
        (self.context, self.uploads) = (context, uploads)
        document = APIDocument.bytes(Self.operations, uploads)
    }

    /// The answer to a request whose target begins with `api`.
    func answer(_ request: HTTPRequestHead, _ target: RequestTarget) -> Answer {
        do {
            return try answering(request, target)
        } catch {
            return Answer(problem(error, request.uri))
        }
    }

    private func answering(_ request: HTTPRequestHead, _ target: RequestTarget) throws -> Answer {
        let path = target.segments.dropFirst(2)
        guard target.segments.dropFirst().first == "v1" else { throw Self.nothing }
        if path == ["openapi.json"] { return try document(request) }
        for operation in Self.operations {
            guard let parameters = operation.match(path) else { continue }
            try checkMethod(request, path)
            let asked = try APIRequest(request, target.query, path: parameters, of: operation.parameters)
            guard operation.isOfHistory, let tag = context.entityTag() else {
                return try operation.handler(asked, context)
            }
            if let answer = Answer(unmet: Preconditions(request.headers), tag) { return answer }
            var answer = try operation.handler(asked, context)
            if answer.status == .ok, !answer.headers.contains(name: "ETag") {
                answer.headers.add(name: "ETag", value: tag)
            }
            return answer
        }
        let methods = uploads.filter { $0.match(path) != nil }.map { $0.method.rawValue.uppercased() }
        guard methods.isEmpty else {
            let allowed = methods.joined(separator: ", ")
            throw APIProblem(.methodNotAllowed, "\(allowed) is served here", [("Allow", allowed)])
        }
        throw Self.nothing
    }

    private func document(_ request: HTTPRequestHead) throws -> Answer {
        try checkMethod(request, ["openapi.json"])
        let tag = "\"\(Digest.of(document))\""
        if let answer = Answer(unmet: Preconditions(request.headers), tag) { return answer }
        return Answer(jsonBytes: document, [("ETag", tag)])
    }

    private func checkMethod(_ request: HTTPRequestHead, _ path: ArraySlice<String>) throws(APIProblem) {
        guard request.method == .GET || request.method == .HEAD else {
            let more = uploads.filter { $0.match(path) != nil }.map { $0.method.rawValue.uppercased() }
            let allowed = (["GET", "HEAD"] + more).joined(separator: ", ")
            throw APIProblem(.methodNotAllowed, "\(allowed) are served here", [("Allow", allowed)])
        }
    }

    private static let nothing = APIProblem(
        .notFound,
        "there is nothing here: /api/v1/openapi.json describes what there is"
    )

    private func problem(_ error: any Error, _ target: String) -> APIProblem {
        if let problem = APIProblem(error) { return problem }
        let message: Message = "\(target, limit: 300): \(message: "\(error)")"
        context.report(message.text)
        return .failure
    }
}
