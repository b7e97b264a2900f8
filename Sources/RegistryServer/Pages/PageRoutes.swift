import ArtifactStore
import NIOHTTP1
import OCI
import Printable
import Release

/// Answers requests for pages and what they load.
struct PageRoutes: Sendable {
    private let context: SiteContext

    init(_ context: SiteContext) { self.context = context }

    /// The answer to a request.
    func answer(_ request: HTTPRequestHead, _ target: RequestTarget) -> Answer {
        guard request.method == .GET || request.method == .HEAD else {
            var answer = Answer(ErrorPage.page(.methodNotAllowed, "This page can only be read."))
            answer.headers.add(name: "Allow", value: "GET, HEAD")
            return answer
        }
        do {
            return try answering(request, target)
        } catch {
            if let problem = APIProblem(error) { return Answer(ErrorPage.page(problem.status, problem.detail)) }
            let message: Message = "\(request.uri, limit: 300): \(message: "\(error)")"
            context.report(message.text)
            return Answer(ErrorPage.page(.internalServerError, APIProblem.failure.detail))
        }
    }

    private func answering(_ request: HTTPRequestHead, _ target: RequestTarget) throws -> Answer {
        if target.segments.count == 2, target.segments[0] == "assets" {
            guard let asset = Assets.named(target.segments[1]) else { throw Self.nothing }
            return Answer(asset)
        }
        guard let route = try PageRoute(target) else { throw Self.nothing }
        guard route.isOfHistory, let tag = context.entityTag() else { return Answer(try route.page(context)) }
        if let answer = Answer(unmet: Preconditions(request.headers), tag) { return answer }
        return Answer(try route.page(context), entityTag: tag)
    }

    static let nothing = APIProblem(.notFound, "There is no such page.")
}
