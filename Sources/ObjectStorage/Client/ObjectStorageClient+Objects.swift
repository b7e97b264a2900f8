import ContentAddress
import FoundationEssentials
import HTTP
import NIOHTTP1

/// What a HEAD says of an object.
struct ObjectStatus: Equatable {
    let size: Int64
    /// The digest that the endpoint keeps of the whole object; nil where it keeps none.
    let digest: Digest?
}

extension ObjectStorageClient {
    /// The field that makes the endpoint compare what arrives.
    static func checksum(_ digest: Digest) -> (name: String, value: String) {
        (name: "x-amz-checksum-sha256", value: Data(digest.bytes).base64EncodedString())
    }

    /// The field of a condition: nothing may be there yet.
    static let ifNew = (name: "if-none-match", value: "*")

    /// Writes an object, with its digest as a checksum unless another one is given.
    ///
    /// With `ifNew` it throws ``ObjectStorageError/precondition(what:place:)`` where something is there, and isn't sent
    /// again by itself: the second request could find what the first one wrote.
    func put(
        _ key: String,
        _ bytes: [UInt8],
        ifNew: Bool = false,
        checksum: Digest? = nil,
        announcedDigest: String? = nil
    ) throws(ObjectStorageError) {
        var request = ObjectRequest(what: "object \(key)", method: .PUT, key: key)
        request.body = bytes
        request.fields = [Self.checksum(checksum ?? Digest.of(bytes))] + (ifNew ? [Self.ifNew] : [])
        request.announcedDigest = announcedDigest
        request.isRepeatable = !ifNew
        try perform(request).drain()
    }

    /// The bytes of an object, or of a range of it; throws for more than the limit.
    func get(_ key: String, range: ClosedRange<Int64>? = nil, limit: Int) throws(ObjectStorageError) -> [UInt8] {
        var request = ObjectRequest(what: "object \(key)", method: .GET, key: key)
        if let range {
            request.fields = [(name: "range", value: "bytes=\(range.lowerBound)-\(range.upperBound)")]
        }
        let answer = try perform(request)
        if let range {
            let found = answer.field("Content-Range") ?? "none"
            guard answer.status == 206, found.hasPrefix("bytes \(range.lowerBound)-") else {
                throw malformed(request, "the range \(found) came, with status \(answer.status)")
            }
        }
        return try bytes(answer, request, limit: limit)
    }

    /// Size and digest of an object.
    func head(_ key: String) throws(ObjectStorageError) -> ObjectStatus {
        var request = ObjectRequest(what: "object \(key)", method: .HEAD, key: key)
        request.fields = [(name: "x-amz-checksum-mode", value: "ENABLED")]
        let answer = try perform(request)
        guard let size = answer.field("Content-Length").flatMap({ Int64($0) }), size >= 0 else {
            throw malformed(request, "it doesn't say the size")
        }
        // A checksum of parts, `…-2`, is none of the bytes.
        let digest = answer.field("x-amz-checksum-sha256").flatMap { Data(base64Encoded: $0) }.flatMap {
            try? Digest(bytes: $0)
        }
        return ObjectStatus(size: size, digest: digest)
    }

    /// Removes an object; success where there is none.
    func delete(_ key: String) throws(ObjectStorageError) {
        do {
            try perform(ObjectRequest(what: "object \(key)", method: .DELETE, key: key)).drain()
        } catch .notFound {
            return
        }
    }

    /// An object by an address that was signed before; for nil as somebody without a key would ask.
    func open(_ url: URL?, _ key: String) throws(ObjectStorageError) -> [UInt8] {
        let request = ObjectRequest(what: "object \(key)", method: .GET, key: key, isSigned: false)
        return try bytes(try perform(request, at: url), request, limit: Self.largestAnswer)
    }

    /// The whole body of an answer.
    func bytes(_ answer: HTTPAnswer, _ request: ObjectRequest, limit: Int) throws(ObjectStorageError) -> [UInt8] {
        do {
            if let bytes = try answer.bytes(limit: limit) { return bytes }
        } catch {
            throw failure(error, request)
        }
        throw malformed(request, "it has more than \(limit) bytes")
    }

    /// The document of an answer, whose root has one of these names.
    func document(
        _ answer: HTTPAnswer,
        _ request: ObjectRequest,
        _ name: String
    ) throws(ObjectStorageError) -> XMLElement {
        let bytes = try bytes(answer, request, limit: Self.largestAnswer)
        let root: XMLElement
        do {
            root = try XMLElement(parsing: bytes)
        } catch {
            throw malformed(request, "\(error.reason), at byte \(error.offset)")
        }
        // Some failures come behind a head that said success (CompleteMultipartUpload).
        if root.name == "Error" {
            throw ObjectStorageFailure(status: answer.status, root).error(request, self, try credentials())
        }
        guard root.name == name else { throw malformed(request, "<\(root.name)> came instead of <\(name)>") }
        return root
    }

    func malformed(_ request: ObjectRequest, _ reason: String) -> ObjectStorageError {
        .malformed(what: request.what, endpoint: endpoint, reason: reason)
    }
}
