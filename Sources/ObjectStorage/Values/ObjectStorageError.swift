import Printable

/// Why object storage can't be used, or doesn't do what was asked.
package enum ObjectStorageError: Error, Equatable {
    /// The text names no bucket, or not where it is.
    case location(String, rule: String)
    /// The credentials can't be read or had.
    case credentials(reason: String)
    /// There are no credentials in any of these places.
    case noCredentials(tried: [String])
    /// The file of certificate authorities can't be used.
    case certificates(path: String, reason: String)
    /// There is no such bucket.
    case missingBucket(place: String, endpoint: String)
    /// There is no such object, upload or setting.
    case notFound(what: String, place: String)
    /// These credentials may not do that, or aren't known.
    case denied(what: String, place: String, reason: String, key: String)
    /// The bucket is in another region.
    case region(place: String, asked: String, found: String?)
    /// The condition of a request doesn't hold: something is there already.
    case precondition(what: String, place: String)
    /// The bytes that arrived aren't those that were announced.
    case damaged(what: String, place: String, reason: String)
    /// No connection, or no TLS.
    case unreachable(endpoint: String, reason: String)
    /// The connection broke off, or nothing moved, each time it was tried.
    case unfinished(what: String, endpoint: String, reason: String)
    /// It can't now, or not so often, each time it was asked.
    case busy(what: String, endpoint: String, reason: String)
    /// It doesn't know this kind of request.
    case unsupported(what: String, endpoint: String, reason: String)
    /// A status that has no place there.
    case refused(what: String, place: String, reason: String)
    /// An answer that breaks the protocol.
    case malformed(what: String, endpoint: String, reason: String)
}

extension ObjectStorageError: CustomStringConvertible {
    /// One or two lines for a person: what, where, what to do.
    package var description: String { message.text }

    private var message: Message {
        switch self {
        case .location(let text, let rule): "'\(text, limit: 300)' is not a place for blobs: \(rule)"
        case .credentials(let reason): "the credentials for object storage: \(reason, limit: 500)"
        case .noCredentials(let tried):
            """
            no credentials for object storage were found in \(tried.joined(separator: ", "), limit: 500)
              set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE
            """
        case .certificates(let path, let reason): "\(path) holds no certificate authorities: \(reason)"
        case .missingBucket(let place, let endpoint):
            "there is no bucket for \(place) at \(endpoint)\n  create it first, or name another endpoint or region"
        case .notFound(let what, let place): "there is no \(what, limit: 300) in \(place)"
        case .denied(let what, let place, let reason, let key):
            "\(place) denies access to \(what, limit: 300): \(reason, limit: 300)\n  the key is \(key, limit: 300)"
        case .region(let place, let asked, let found):
            "\(place) is not in the region \(asked)"
                + (found.map { Message("\n  it is in \($0, limit: 64): write region=\($0, limit: 64)") }
                    ?? Message("\n  name its region: region=…"))
        case .precondition(let what, let place): "\(what, limit: 300) is already in \(place)"
        case .damaged(let what, let place, let reason):
            "\(place) received other bytes than were sent as \(what, limit: 300): \(reason, limit: 300)"
        case .unreachable(let endpoint, let reason): "\(endpoint) can't be reached: \(reason, limit: 300)"
        case .unfinished(let what, let endpoint, let reason):
            "\(what, limit: 300): the connection to \(endpoint) failed each time: \(reason, limit: 300)"
        case .busy(let what, let endpoint, let reason):
            "\(endpoint) has no time for \(what, limit: 300): \(reason, limit: 300)\n  try again later"
        case .unsupported(let what, let endpoint, let reason):
            "\(endpoint) doesn't know the request for \(what, limit: 300): \(reason, limit: 300)"
        case .refused(let what, let place, let reason):
            "\(place) refuses \(what, limit: 300): \(reason, limit: 300)"
        case .malformed(let what, let endpoint, let reason):
            "\(endpoint) answers the request for \(what, limit: 300) wrongly: \(reason, limit: 300)"
        }
    }

    /// What was answered to what, for a list that names the place once.
    var brief: String {
        switch self {
        case .denied(let what, _, let reason, _): "\(what): it is denied, \(reason)"
        case .unsupported(let what, _, let reason), .refused(let what, _, let reason),
            .malformed(let what, _, let reason), .damaged(let what, _, let reason):
            "\(what): \(reason)"
        case .notFound(let what, _): "\(what): there is none"
        case .precondition(let what, _): "\(what): it is there already"
        default: description
        }
    }
}
