import HTTP

/// What an answer says of a failure ("Error responses", Amazon S3 API reference).
struct ObjectStorageFailure {
    let status: Int
    let code: String
    let reason: String
    /// Where the bucket is instead.
    let region: String?

    /// Reads the body of an answer; one to HEAD has none.
    init(_ answer: HTTPAnswer) {
        let bytes = try? answer.bytes(limit: 64 << 10)
        let document = bytes.flatMap { try? XMLElement(parsing: $0) }
        self.init(status: answer.status, document, region: answer.field("x-amz-bucket-region"))
    }

    /// The same for a document that came with a status that promised another one.
    init(status: Int, _ document: XMLElement?, region: String? = nil) {
        self.status = status
        let error = document?.name == "Error" ? document : nil
        code = error?.text("Code") ?? ""
        let message = error?.text("Message") ?? ""
        reason = ["status \(status)", code, message].filter { !$0.isEmpty }.joined(separator: ", ")
        self.region = region ?? error?.text("Region")
    }

    /// What it means for a request.
    func error(_ request: ObjectRequest, _ client: ObjectStorageClient, _ key: AccessKey) -> ObjectStorageError {
        let (what, place, endpoint) = (request.what, "\(client.location)", client.endpoint)
        switch code {
        case "NoSuchBucket": return .missingBucket(place: place, endpoint: endpoint)
        case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException":
            return .region(place: place, asked: client.region, found: region)
        case "BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch",
            "ChecksumMismatch":
            return .damaged(what: what, place: place, reason: reason)
        case "RequestTimeTooSkewed":
            return .denied(
                what: what,
                place: place,
                reason: "\(reason) (is this machine's clock right?)",
                key: "\(key)"
            )
        case "SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "OperationAborted":
            return .busy(what: what, endpoint: endpoint, reason: reason)
        case "NotImplemented": return .unsupported(what: what, endpoint: endpoint, reason: reason)
        default: break
        }
        switch status {
        case 301, 302, 307, 308: return .region(place: place, asked: client.region, found: region)
        case 401, 403: return .denied(what: what, place: place, reason: reason, key: "\(key)")
        case 404: return .notFound(what: what, place: place)
        case 405, 501: return .unsupported(what: what, endpoint: endpoint, reason: reason)
        case 409 where code.hasPrefix("ConditionalRequestConflict"), 412: return .precondition(what: what, place: place)
        case 408, 425, 429, 500, 502...504, 520...524: return .busy(what: what, endpoint: endpoint, reason: reason)
        default: return .refused(what: what, place: place, reason: reason)
        }
    }
}

extension ObjectStorageClient {
    /// What a broken exchange means for a request.
    func failure(_ failure: HTTPFailure, _ request: ObjectRequest) -> ObjectStorageError {
        switch failure {
        case .connection, .security, .plain, .request: .unreachable(endpoint: endpoint, reason: failure.reason)
        case .broken, .slow, .source: .unfinished(what: request.what, endpoint: endpoint, reason: failure.reason)
        }
    }
}

extension HTTPFailure {
    /// Whether the peer is silent, or too slow.
    var isSlow: Bool {
        if case .slow = self { true } else { false }
    }

    /// Whether nothing was sent.
    var isOfConnection: Bool {
        if case .connection = self { true } else { false }
    }
}
