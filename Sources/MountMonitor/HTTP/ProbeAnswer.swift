/// What a request is answered with.
struct ProbeAnswer: Equatable, Sendable {
    let status: Int
    let contentType: String
    let body: String
    /// A header field that other answers don't have.
    var header: Header?
    /// What is logged of a probe; nil for what is not a probe.
    var log: Log?

    struct Header: Equatable, Sendable {
        let name: String
        let value: String
    }

    /// A probe's log line.
    struct Log: Equatable, Sendable {
        let level: LogLevel
        let endpoint: String
        let result: String
    }

    static func json(_ document: JSON, status: Int = 200) -> ProbeAnswer {
        ProbeAnswer(status: status, contentType: "application/json", body: document.text + "\n")
    }

    static func text(_ text: String, status: Int) -> ProbeAnswer {
        ProbeAnswer(status: status, contentType: "text/plain; charset=utf-8", body: text + "\n")
    }

    static func moved(to target: String) -> ProbeAnswer {
        var answer = text("moved permanently", status: 301)
        // What was escaped may not be valid in a header.
        let isPlain = target.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        if isPlain { answer.header = Header(name: "Location", value: target) }
        return isPlain ? answer : .notFound
    }

    static let notFound = text("not found", status: 404)

    /// To what can't be read as a request.
    static func refusal(_ status: Int) -> ProbeAnswer {
        text(status == 413 ? "the request's body is too long" : phrase(status).lowercased(), status: status)
    }

    /// What stands behind a status in an answer's first line.
    static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 301: "Moved Permanently"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 413: "Content Too Large"
        case 431: "Request Header Fields Too Large"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }

    static let methodNotAllowed: ProbeAnswer = {
        var answer = text("method not allowed", status: 405)
        answer.header = Header(name: "Allow", value: "GET, HEAD")
        return answer
    }()
}
