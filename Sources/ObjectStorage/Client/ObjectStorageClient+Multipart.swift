import ContentAddress
import HTTP
import NIOHTTP1

/// An upload in parts, which is not an object until it is completed.
struct MultipartUpload: Equatable {
    let key: String
    let identifier: String

    /// A part that was sent.
    struct Part: Equatable {
        let number: Int
        let tag: String
        let digest: Digest
    }
}

extension ObjectStorageClient {
    /// Every part but the last has at least so many bytes (Amazon S3 user guide, "Multipart upload limits").
    static let smallestPart = 5 << 20

    /// Begins an upload.
    func beginUpload(_ key: String) throws(ObjectStorageError) -> MultipartUpload {
        var request = ObjectRequest(what: "upload of \(key)", method: .POST, key: key)
        request.query = [(name: "uploads", value: "")]
        request.fields = [(name: "x-amz-checksum-algorithm", value: "SHA256")]
        let answer = try document(try perform(request), request, "InitiateMultipartUploadResult")
        guard let identifier = answer.text("UploadId"), !identifier.isEmpty else {
            throw malformed(request, "the upload has no name")
        }
        return MultipartUpload(key: key, identifier: identifier)
    }

    /// Sends a part, with its digest as a checksum unless another one is given; numbers begin with 1.
    func send(
        _ bytes: [UInt8],
        number: Int,
        of upload: MultipartUpload,
        checksum: Digest? = nil
    ) throws(ObjectStorageError) -> MultipartUpload.Part {
        let digest = Digest.of(bytes)
        var request = ObjectRequest(what: "part \(number) of \(upload.key)", method: .PUT, key: upload.key)
        request.query = [(name: "partNumber", value: "\(number)"), (name: "uploadId", value: upload.identifier)]
        request.fields = [Self.checksum(checksum ?? digest)]
        request.body = bytes
        let answer = try perform(request)
        answer.drain()
        guard let tag = answer.field("ETag"), !tag.isEmpty else { throw malformed(request, "the part has no tag") }
        return MultipartUpload.Part(number: number, tag: tag, digest: digest)
    }

    /// Makes the object of an upload; for `ifNew` see ``put(_:_:ifNew:checksum:announcedDigest:)``.
    func complete(
        _ upload: MultipartUpload,
        _ parts: [MultipartUpload.Part],
        ifNew: Bool = false
    ) throws(ObjectStorageError) {
        var request = ObjectRequest(what: "upload of \(upload.key)", method: .POST, key: upload.key)
        request.query = [(name: "uploadId", value: upload.identifier)]
        request.fields = [(name: "content-type", value: "application/xml")] + (ifNew ? [Self.ifNew] : [])
        let list = parts.map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(Self.escaped(part.tag))</ETag>"
                + "<ChecksumSHA256>\(Self.checksum(part.digest).value)</ChecksumSHA256></Part>"
        }
        request.body = Array("<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>".utf8)
        request.isRepeatable = !ifNew
        _ = try document(try perform(request), request, "CompleteMultipartUploadResult")
    }

    /// Ends an upload without an object; success where there is none.
    func abort(_ upload: MultipartUpload) throws(ObjectStorageError) {
        var request = ObjectRequest(what: "upload of \(upload.key)", method: .DELETE, key: upload.key)
        request.query = [(name: "uploadId", value: upload.identifier)]
        do { try perform(request).drain() } catch .notFound { return }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
