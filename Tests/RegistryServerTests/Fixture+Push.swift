import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI

@testable import RegistryServer

extension WriteRule {
    /// All that there is.
    static let everything = WriteRule(push: true, delete: true, sparse: true)
}

extension RegistryRoutes {
    /// The answer to a request with a content, which comes in the pieces that are given; nil for `isCut` leaves it before
    /// its end.
    func send(
        _ method: HTTPMethod,
        _ target: String,
        _ pieces: [[UInt8]] = [],
        _ fields: [(String, String)] = [],
        isCut: Bool = false
    ) -> Answer? {
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: HTTPHeaders(fields))
        guard [.PUT, .POST, .PATCH].contains(method) else { return answer(head) }
        switch intake(head) {
        case .answered(let answer): return answer
        case .document(let limit, let tooLarge, _, let answer):
            let bytes = pieces.flatMap(\.self)
            return bytes.count > limit ? tooLarge : answer(bytes)
        case .upload(let sink): return pass(pieces, to: sink, isCut: isCut)
        case .file(let sink): return pass(pieces, to: sink, isCut: isCut)
        }
    }

    private func pass(_ pieces: [[UInt8]], to sink: any ContentSink, isCut: Bool) -> Answer? {
        for piece in pieces {
            if let failure = piece.withUnsafeBytes({ sink.write($0) }) { return failure }
        }
        guard !isCut else {
            sink.abandon()
            return nil
        }
        return sink.finish()
    }
}

extension Fixture {
    func send(
        _ method: HTTPMethod,
        _ target: String,
        _ bytes: [UInt8] = [],
        _ fields: [(String, String)] = []
    ) -> Answer {
        routes.send(method, target, [bytes], fields) ?? Answer(.imATeapot, type: nil, .bytes([]))
    }

    /// Begins an upload; where it is.
    func begin(_ repository: String) -> String {
        send(.POST, "/v2/\(repository)/blobs/uploads/")["Location"] ?? ""
    }

    /// Pushes a blob, and gives its descriptor.
    @discardableResult
    func push(_ bytes: [UInt8], to repository: String, type: String = MediaType.layer) -> Descriptor {
        let digest = Digest.of(bytes)
        _ = send(.POST, "/v2/\(repository)/blobs/uploads/?digest=\(digest)", bytes)
        return Descriptor(mediaType: type, digest: digest, size: Int64(bytes.count))
    }

    /// The document of an image with one layer, whose blobs are pushed.
    func image(_ note: String, in repository: String) throws -> ImageDocument {
        let config = push(Array("{\"note\":\"\(note)\"}".utf8), to: repository, type: MediaType.imageConfig)
        let layer = push(Array("layer \(note)".utf8), to: repository)
        let manifest = ImageManifest(config: config, layers: [layer])
        return ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
    }

    /// Pushes a manifest or an index.
    func put(_ document: ImageDocument, _ reference: String? = nil, in repository: String) -> Answer {
        let reference = reference ?? "\(document.digest)"
        return send(
            .PUT,
            "/v2/\(repository)/manifests/\(reference)",
            document.bytes,
            [("Content-Type", document.mediaType)]
        )
    }

    /// Pushes an index over some manifests.
    func index(of manifests: [ImageDocument]) throws -> ImageDocument {
        let index = ImageIndex(manifests: manifests.map(\.descriptor))
        return ImageDocument(mediaType: MediaType.imageIndex, bytes: try CanonicalJSON.encode(index))
    }
}
