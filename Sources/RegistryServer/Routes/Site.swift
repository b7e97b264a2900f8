import ArtifactStore
import NIOHTTP1
import Printable

/// What the server has beside the registry: the API under `/api/v1` and the pages.
///
/// All calls block.
struct Site: Sendable {
    private let api: APIRoutes
    private let pages: PageRoutes

    /// `report` gets what the server fails at, for its log.
    init(_ store: Store, blobs: BlobOpener, report: @escaping @Sendable (String) -> Void) {
        let context = SiteContext(store, blobs, report: report)
        (api, pages) = (APIRoutes(context), PageRoutes(context))
    }

    /// Whether a target is the site's; all others are the registry's.
    static func has(_ target: RequestTarget) -> Bool { target.segments.first != "v2" }

    /// What a malformed target under `/api/` is answered; nil for others, which are the registry's.
    static func refusal(ofMalformed request: HTTPRequestHead) -> Answer? {
        guard request.uri.hasPrefix("/api/") else { return nil }
        return Answer(APIProblem(.badRequest, Message(message: RegistryProblem.malformedTarget.message)))
    }

    /// The answer to a request for a target of the site.
    func answer(_ request: HTTPRequestHead, _ target: RequestTarget) -> Answer {
        var answer =
            target.segments.first == "api" ? api.answer(request, target) : pages.answer(request, target)
        if case .events = answer.body { return answer }
        if request.method == .HEAD { answer.body = .length(answer.body.count) }
        return answer
    }
}
