import NIOHTTP1

/// What is sent back: a status, header fields and a content.
struct Answer: Sendable {
    /// A content, of which the whole or a part is sent.
    enum Body: Sendable {
        case bytes([UInt8])
        case file(BlobFile, Range<Int64>)
        /// It goes on until it ends, the client goes, or the server stops.
        case events(EventStream)
        /// Nothing is sent, and its length is told: the answer to HEAD.
        case length(Int64)

        var count: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .file(_, let range): range.upperBound - range.lowerBound
            case .length(let count): count
            case .events: 0
            }
        }
    }

    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: Body

    init(_ status: HTTPResponseStatus, type: String?, _ body: Body, _ more: [(String, String)] = []) {
        self.status = status
        self.body = body
        headers = HTTPHeaders(more)
        if let type { headers.add(name: "Content-Type", value: type) }
        headers.add(name: "Docker-Distribution-API-Version", value: "registry/2.0")
        headers.add(name: "X-Content-Type-Options", value: "nosniff")
    }

    init(_ problem: RegistryProblem) {
        self.init(
            problem.status,
            type: "application/json",
            .bytes(problem.body),
            problem.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        )
    }
}
