import NIOHTTP1
import Printable

/// Why a push or a deletion was refused.
extension RegistryProblem {
    static let unknownUpload = Self(
        status: .notFound,
        code: .blobUploadUnknown,
        message: "there is no such upload in this repository: it has ended, or was never begun"
    )

    static let busyUpload = Self(
        status: .conflict,
        code: .blobUploadInvalid,
        message: "another request writes to this upload; ask for its status when that has ended",
        headers: ["Retry-After": "1"]
    )

    static let tooManyUploads = Self(
        status: .tooManyRequests,
        code: .tooManyRequests,
        message: "there are as many uploads as the server takes at one time; end some, or try again",
        headers: ["Retry-After": "30"]
    )

    static let tooManyLogins = Self(
        status: .tooManyRequests,
        code: .tooManyRequests,
        message: "too many logins at one time; try again",
        headers: ["Retry-After": "1"]
    )

    static let tooManyDocuments = Self(
        status: .serviceUnavailable,
        code: .tooManyRequests,
        message: "too many manifests at one time; try again",
        headers: ["Retry-After": "1"]
    )

    static let missingDigest = Self(
        status: .badRequest,
        code: .digestInvalid,
        message: "the digest of the whole blob is expected as the parameter digest"
    )

    static func otherDigest(_ what: String, _ expected: String) -> Self {
        let message: Message = "\(what) has another digest than \(expected, limit: 140); nothing of it is kept"
        return Self(status: .badRequest, code: .digestInvalid, message: message.text)
    }

    static func size(_ expected: Int64, _ found: Int64) -> Self {
        let message: Message = "\(expected) bytes were announced, and \(found) came"
        return Self(status: .badRequest, code: .sizeInvalid, message: message.text)
    }

    static let malformedRange = Self(
        status: .badRequest,
        code: .blobUploadInvalid,
        message: "Content-Range is the first and the last byte's place, as in 0-1023"
    )

    static func invalidManifest(_ reason: Message, status: HTTPResponseStatus = .badRequest) -> Self {
        Self(status: status, code: .manifestInvalid, message: reason.text)
    }

    static func missing(_ what: String, in name: String) -> Self {
        let message: Message = "the manifest names \(what, limit: 160), which \(name) doesn't have: push it first"
        return Self(status: .notFound, code: .manifestBlobUnknown, message: message.text)
    }

    static func denied(_ reason: Message) -> Self {
        Self(status: .forbidden, code: .denied, message: reason.text)
    }

    static func inUse(_ what: Message) -> Self {
        Self(status: .methodNotAllowed, code: .unsupported, message: what.text)
    }

    static let foreignOrigin = denied("a page of another site can't write to this registry")

    static let full = Self(
        status: .insufficientStorage,
        code: .unknown,
        message: "the server's disk is full"
    )

    /// Clients ask their user, or take what they keep for this server.
    static let unauthorized = Self(
        status: .unauthorized,
        code: .unauthorized,
        message: "a login is required, or the name or the token isn't right",
        headers: ["WWW-Authenticate": "Basic realm=\"bindery\", charset=\"UTF-8\""]
    )
}
