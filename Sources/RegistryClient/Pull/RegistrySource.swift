import ContentAddress
import HTTP
package import ImageTransport
import NIOHTTP1
package import OCI

/// An image in a registry (OCI distribution specification 1.1, "Pull").
///
/// The manifest is fetched and checked when the image is opened, and stays what it is; blobs are fetched as they are
/// read, from as many threads as one likes.
package struct RegistrySource: ImageSource {
    /// The reference it was opened by.
    package let name: String
    let session: RegistrySession
    private let top: ImageDocument

    init(_ session: RegistrySession) throws(RegistryError) {
        self.session = session
        let location = session.location
        name = location.description
        let reference = location.digest?.description ?? location.tag?.text ?? "latest"
        let what = location.digest == nil ? "image '\(location.repository):\(reference)'" : "image \(reference)"
        top = try Self.manifest(reference, what: what, expected: location.digest, session)
    }

    /// The index or manifest.
    package func root() -> ImageDocument { top }

    /// Opens a blob, or a manifest by its digest.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        do {
            if MediaType.isManifest(descriptor.mediaType) || MediaType.isIndex(descriptor.mediaType) {
                let document = try Self.manifest(
                    "\(descriptor.digest)",
                    what: "manifest \(descriptor.digest.short)",
                    expected: descriptor.digest,
                    session
                )
                return MemoryReader(document.bytes)
            }
            return try RegistryBlobReader(descriptor, session)
        } catch {
            throw error.transport
        }
    }

    static func manifest(
        _ reference: String,
        what: String,
        expected: Digest?,
        _ session: RegistrySession
    ) throws(RegistryError) -> ImageDocument {
        let place = session.location.place
        guard let url = session.url("manifests/\(reference)") else {
            throw .reference(reference, rule: "it is damaged")
        }
        var call = HTTPCall(method: .GET, url: url)
        for type in ManifestTypes.accepted { call.headers.add(name: "Accept", value: type) }
        let (answer, bytes) = try session.fetch(
            RegistryRequest(what: what, call: call),
            limit: Int(ImageDocument.largestSize)
        )
        // Some storage sends what it keeps compressed, whatever was asked for.
        if let encoding = answer.field("Content-Encoding"), encoding.lowercased() != "identity",
            bytes.first != UInt8(ascii: "{")
        {
            throw .malformed(
                what: what,
                place: place,
                reason: "it is sent with Content-Encoding '\(encoding.prefix(32))', and none was asked for"
            )
        }
        let digest = Digest.of(bytes)
        if let expected, expected != digest {
            throw .digest(what: "\(what) in \(place)", expected: expected, found: digest)
        }
        if let text = answer.field("Docker-Content-Digest"), text.hasPrefix("sha256:") {
            guard let named = try? Digest(parsing: text) else {
                throw .malformed(what: what, place: place, reason: "'\(text)' is not a digest")
            }
            guard named == digest else {
                throw .digest(what: "\(what) in \(place)", expected: named, found: digest)
            }
        }
        return ImageDocument(mediaType: try mediaType(answer, bytes, what, place), bytes: bytes, digest: digest)
    }

    // The document's own word counts: it is what the digest covers. Many registries don't keep the header right.
    private static func mediaType(
        _ answer: HTTPAnswer,
        _ bytes: [UInt8],
        _ what: String,
        _ place: String
    ) throws(RegistryError) -> String {
        struct Shape: Decodable {
            let mediaType: String?
            let schemaVersion: Int?
        }
        let header = (answer.field("Content-Type") ?? "").prefix { $0 != ";" }.trimmingBlanks.lowercased()
        let shape: Shape
        do throws(OCIError) {
            // Whether it can be read in two ways is asked when it is read as what it is.
            shape = try DocumentReading(bytes, as: .other, what: what).value
        } catch {
            throw .malformed(what: what, place: place, reason: "JSON is expected, not \(header): \(error)")
        }
        let type = shape.mediaType ?? header
        if shape.schemaVersion == 1 {
            throw .malformed(
                what: what,
                place: place,
                reason: "it is a manifest of Docker's schema 1, which is too old"
            )
        }
        // Some engines go by the one, some by the other.
        guard !ManifestTypes.contains(header) || MediaType.isIndex(header) == MediaType.isIndex(type) else {
            throw .source(
                .ambiguousDocument(what: "\(what) in \(place)", reason: "it is sent as \(header), and says \(type)")
            )
        }
        guard ManifestTypes.contains(type) else {
            throw .malformed(what: what, place: place, reason: "'\(type)' is not a media type of an image")
        }
        return type
    }
}

extension RegistrySession {
    /// A small answer's whole body, fetched again when the connection breaks off.
    func fetch(_ request: RegistryRequest, limit: Int) throws(RegistryError) -> (HTTPAnswer, [UInt8]) {
        var failures = 0
        while true {
            let answer = try perform(request)
            guard answer.status == 200 else { throw refusal(answer, request.what) }
            if let length = answer.field("Content-Length").flatMap({ Int64($0) }), length > limit {
                throw .tooLarge(what: request.what, size: length, limit: Int64(limit))
            }
            do {
                guard let bytes = try answer.bytes(limit: limit) else {
                    throw RegistryError.tooLarge(what: request.what, size: Int64(limit) + 1, limit: Int64(limit))
                }
                return (answer, bytes)
            } catch let error as RegistryError {
                throw error
            } catch let error as HTTPFailure {
                failures += 1
                try pause(after: failures, error, request)
            } catch {
                throw .malformed(what: request.what, place: location.place, reason: "\(error)")
            }
        }
    }
}
