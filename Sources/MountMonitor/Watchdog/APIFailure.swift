/// Why the API server gave no useful answer.
enum APIFailure: Error, Equatable, CustomStringConvertible {
    /// The service account's files or the environment aren't as a cluster makes them.
    case setup(String)
    /// No connection, no trust in the certificate, or cut off.
    case unreachable(String)
    /// Its certificate is not one of the cluster's, or no longer.
    case untrusted
    case timedOut(GoDuration)
    case tooLong(limit: Int)
    /// The list of Events doesn't end.
    case tooManyEvents(limit: Int)
    /// It answered with a status that says no.
    case status(Int, message: String, retryAfter: GoDuration? = nil)
    /// It answered with something else than it should.
    case malformed(String)

    var description: String {
        switch self {
        case .setup(let reason): reason
        case .unreachable(let reason): "the API server can't be reached: \(reason)"
        case .untrusted:
            "the API server can't be reached: "
                + "its certificate has expired or is not signed by the cluster's authority in ca.crt"
        case .timedOut(let limit): "the API server did not answer within \(limit)"
        case .tooLong(let limit): "the API server's answer is longer than \(limit) bytes"
        case .tooManyEvents(let limit): "the API server lists more than \(limit) Events of restarts"
        case .status(401, let message, _):
            "the API server answered 401, unauthorized: invalid or expired token"
                + (message.isEmpty ? "" : " (\(message))")
        case .status(let status, let message, _):
            "the API server answered \(status)" + (message.isEmpty ? "" : ": \(message)")
        case .malformed(let reason): "the API server's answer makes no sense: \(reason)"
        }
    }

    /// Whether the account may not do this: asking again helps only when somebody changes that.
    var isDenied: Bool {
        if case .status(403, _, _) = self { true } else { false }
    }

    /// How long it makes sense to wait before it is asked again.
    var pauses: RetryPauses.Kind {
        switch self {
        case .status(403, _, _): .lasting
        case .status(429, _, let retryAfter): .passing(retryAfter: retryAfter)
        default: .passing(retryAfter: nil)
        }
    }

    /// Whether the request may have been carried out all the same.
    var isAmbiguous: Bool {
        switch self {
        case .setup, .tooManyEvents, .untrusted: false
        case .status(let status, _, _): status >= 500
        case .unreachable, .timedOut, .tooLong, .malformed: true
        }
    }
}
