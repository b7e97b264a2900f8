import ContentAddress
import NIOHTTP1
import Printable

/// An answer that says why not, with one of the specification's codes (OCI distribution specification 1.1, "Error Codes").
struct RegistryProblem: Error, Equatable {
    /// What went wrong, as clients' programs read it.
    enum Code: String {
        case blobUnknown = "BLOB_UNKNOWN"
        case blobUploadInvalid = "BLOB_UPLOAD_INVALID"
        case blobUploadUnknown = "BLOB_UPLOAD_UNKNOWN"
        case denied = "DENIED"
        case digestInvalid = "DIGEST_INVALID"
        case manifestBlobUnknown = "MANIFEST_BLOB_UNKNOWN"
        case manifestInvalid = "MANIFEST_INVALID"
        case manifestUnknown = "MANIFEST_UNKNOWN"
        case nameInvalid = "NAME_INVALID"
        case nameUnknown = "NAME_UNKNOWN"
        /// Docker's registry has it for `n` of a list of tags.
        case pageInvalid = "PAGINATION_NUMBER_INVALID"
        case sizeInvalid = "SIZE_INVALID"
        case tooManyRequests = "TOOMANYREQUESTS"
        case unsupported = "UNSUPPORTED"
        case unauthorized = "UNAUTHORIZED"
        /// What this server failed at; the specification has no code for it.
        case unknown = "UNKNOWN"
    }

    let status: HTTPResponseStatus
    let code: Code
    let message: String
    var headers: [String: String] = [:]
    /// What programs may read of it beside the code.
    var detail: [String: JSONValue]?

    /// The answer's body.
    var body: [UInt8] {
        var members: [String: JSONValue] = ["code": .string(code.rawValue), "message": .string(message)]
        if let detail { members["detail"] = .object(detail) }
        return CanonicalJSON.encode(.object(["errors": .array([.object(members)])]))
    }

    static func badRequest(_ message: Message) -> Self {
        Self(status: .badRequest, code: .unsupported, message: message.text)
    }

    static func misdirected(_ host: String) -> Self {
        let message: Message = "this server isn't known as \(host, limit: 80): `bindery serve --host` gives it a name"
        return Self(status: .misdirectedRequest, code: .denied, message: message.text)
    }

    static let malformedTarget = Self(
        status: .badRequest,
        code: .nameInvalid,
        message:
            "the request's target is malformed: a path is expected whose segments have no encoded slash or control character"
    )

    static func invalidName(_ name: String) -> Self {
        let message: Message = "\(name, limit: 80) isn't the name of a repository"
        return Self(status: .badRequest, code: .nameInvalid, message: message.text)
    }

    static func invalidDigest(_ text: String) -> Self {
        let message: Message =
            "\(text, limit: 80) isn't a digest: sha256: and 64 digits are expected, or sha512: and 128"
        return Self(status: .badRequest, code: .digestInvalid, message: message.text)
    }

    static func unsupportedDigest(_ text: String) -> Self {
        let message: Message = "\(text, limit: 80) is a digest of another algorithm than sha256 and sha512"
        return Self(status: .badRequest, code: .digestInvalid, message: message.text)
    }

    static func unknownName(_ name: String) -> Self {
        Self(status: .notFound, code: .nameUnknown, message: "there is no repository \(name)")
    }

    static func unknownManifest(_ reference: String, in name: String, reason: String = "") -> Self {
        let message: Message = "\(name) has no manifest \(reference, limit: 140)\(reason)"
        return Self(status: .notFound, code: .manifestUnknown, message: message.text)
    }

    static func unknownBlob(_ digest: String, in name: String) -> Self {
        let message: Message = "\(name) has no blob \(digest, limit: 140)"
        return Self(status: .notFound, code: .blobUnknown, message: message.text)
    }

    static let readOnly = Self(
        status: .methodNotAllowed,
        code: .unsupported,
        message: "this registry can be pulled from, and takes nothing here: GET and HEAD are served",
        headers: ["Allow": "GET, HEAD"]
    )

    static let gone = Self(status: .notFound, code: .blobUnknown, message: "the blob isn't in the store any more")

    /// The server's own failure; what it was stands in its log.
    static let failure = Self(
        status: .internalServerError,
        code: .unknown,
        message: "the server failed; its log says at what"
    )

    static let busy = Self(
        status: .serviceUnavailable,
        code: .unknown,
        message: "the store is busy; try again",
        headers: ["Retry-After": "1"]
    )
}
