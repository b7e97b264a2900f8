import ArtifactStore
import NIOHTTP1
import Printable

/// What the server has beside the registry: the API under `/api/v1` and the pages.
///
/// All calls block.
struct Site: Sendable {
    private let api: APIRoutes
    private let pages: PageRoutes
    private let metrics: MetricsPage
    private let log: LogFiles
    private let report: @Sendable (String) -> Void

    /// `report` gets what the server fails at, for its log.
    init(
        _ store: Store,
        blobs: BlobOpener,
        metrics: MetricsPage,
        uploads: [APIUpload],
        report: @escaping @Sendable (String) -> Void
    ) {
        (self.metrics, self.report) = (metrics, report)
        log = LogFiles(store: store)
        let identifies = uploads.contains { $0.path == APIUpload.identify.path }
        let context = SiteContext(store, blobs, identifies: identifies, report: report)
        (api, pages) = (APIRoutes(context, uploads: uploads), PageRoutes(context))
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
        var answer: Answer
        switch target.segments {
        case ["metrics"]: answer = file(request) { try metrics.answer() }
        case let segments where LogFiles.has(segments): answer = file(request) { try log.answer(segments) }
        case let segments where segments.first == "api": answer = api.answer(request, target)
        default: answer = pages.answer(request, target)
        }
        if case .events = answer.body { return answer }
        if request.method == .HEAD { answer.body = .length(answer.body.count) }
        return answer
    }

    private func file(_ request: HTTPRequestHead, _ body: () throws -> Answer) -> Answer {
        guard request.method == .GET || request.method == .HEAD else {
            return Answer(APIProblem(.methodNotAllowed, "this can be read: GET and HEAD", [("Allow", "GET, HEAD")]))
        }
        do { return try body() } catch {
            if let problem = APIProblem(error) { return Answer(problem) }
            let message: Message = "\(request.uri, limit: 300): \(message: "\(error)")"
            report(message.text)
            return Answer(APIProblem.failure)
        }
    }
}
