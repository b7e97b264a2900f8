import ArtifactStore
import ContentAddress
import NIOHTTP1
import Printable

/// Why the API has no other answer (RFC 9457, "Problem Details for HTTP APIs").
struct APIProblem: Error, Equatable {
    let status: HTTPResponseStatus
    /// What is wrong with this request, for people.
    let detail: String
    var headers: [(String, String)] = []

    init(_ status: HTTPResponseStatus, _ detail: Message, _ headers: [(String, String)] = []) {
        self.status = status
        self.detail = detail.text
        self.headers = headers
    }

    /// The type is `about:blank`, whose title is the status' own words (RFC 9457, section 4.2.1).
    var body: [UInt8] {
        CanonicalJSON.encode(
            .object([
                "type": .string("about:blank"), "title": .string(status.reasonPhrase),
                "status": .int(Int64(status.code)), "detail": .string(detail),
            ])
        )
    }

    static func == (left: Self, right: Self) -> Bool { left.status == right.status && left.detail == right.detail }

    static func invalid(_ parameter: String, _ rule: String) -> Self {
        Self(.badRequest, "the parameter \(parameter) is invalid: \(message: rule)")
    }

    static func unknown(_ what: Message) -> Self { Self(.notFound, what) }

    static let failure = Self(.internalServerError, "the server failed; its log says at what")
    static let busy = Self(.serviceUnavailable, "the store is busy; try again", [("Retry-After", "1")])

    static let tooManyFollow = Self(
        .serviceUnavailable,
        "as many clients follow the log as may at one time; try again",
        [("Retry-After", "30")]
    )

    /// What an error is to a client; nil for a failure of the server's own.
    init?(_ error: any Error) {
        switch error {
        case let problem as APIProblem: self = problem
        case let problem as RegistryProblem:
            let fields = problem.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            self.init(problem.status, Message(message: problem.message), fields)
        case let error as StoreError where error.isBusy: self = .busy
        case let error as StoreError where error.isRequest: self.init(.notFound, Message(message: "\(error)"))
        default: return nil
        }
    }
}

extension StoreError {
    /// Whether it says that something isn't there, or isn't named clearly.
    fileprivate var isRequest: Bool {
        switch self {
        case .notFound, .ambiguousDigest: true
        default: false
        }
    }
}
