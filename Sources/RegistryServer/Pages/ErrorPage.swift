import NIOHTTP1

/// What is shown where there is no page, or the server fails.
enum ErrorPage {
    static func page(_ status: HTTPResponseStatus, _ detail: String) -> Page {
        Page(
            title: status.reasonPhrase,
            kind: "\(status.code)",
            lead: "\(lines: detail)",
            body: "<p><a href=\"\(Link.home)\">To the start</a></p>",
            status: status
        )
    }
}
