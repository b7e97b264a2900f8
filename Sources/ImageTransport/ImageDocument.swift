public import ContentAddress
import Foundation
public import OCI

/// A JSON document of an image: the bytes as they came, and views of them.
///
/// The bytes are what has the digest, so they are kept and never encoded again.
public struct ImageDocument: Hashable, Sendable {
    /// No manifest, index or config is larger: what registries and containerd accept.
    public static let largestSize: Int64 = 4 << 20

    /// What it claims to be.
    public let mediaType: String
    /// The bytes as they came.
    public let bytes: [UInt8]
    /// The bytes' digest.
    public let digest: Digest

    /// A document whose digest is known to be right.
    public init(mediaType: String, bytes: [UInt8], digest: Digest) {
        self.mediaType = mediaType
        self.bytes = bytes
        self.digest = digest
    }

    /// A document of our own.
    public init(mediaType: String, bytes: [UInt8]) {
        self.init(mediaType: mediaType, bytes: bytes, digest: .of(bytes))
    }

    /// A descriptor of it.
    public var descriptor: Descriptor { Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count)) }

    /// The view of it as an index.
    public func index() throws(TransportError) -> ImageIndex {
        try decode(ImageIndex.self, "the image index \(digest.short)")
    }

    /// The view of it as a manifest.
    public func manifest() throws(TransportError) -> ImageManifest {
        try decode(ImageManifest.self, "the image manifest \(digest.short)")
    }

    /// The view of it as a config.
    public func config() throws(TransportError) -> ImageConfig {
        try decode(ImageConfig.self, "the image config \(digest.short)")
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ what: String) throws(TransportError) -> Value {
        try decodeJSON(type, bytes, what)
    }
}

/// Decodes JSON from outside, with an error that names the member.
func decodeJSON<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8], _ what: String) throws(TransportError) -> Value
{
    do {
        return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
        throw .document(what: what, reason: explain(error))
    } catch {
        throw .document(what: what, reason: "\(error)")
    }
}

private func explain(_ error: DecodingError) -> String {
    let (context, words): (DecodingError.Context, String) =
        switch error {
        case .typeMismatch(_, let context): (context, context.debugDescription)
        case .valueNotFound(_, let context): (context, context.debugDescription)
        case .keyNotFound(let key, let context): (context, "there is no '\(key.stringValue)'")
        case .dataCorrupted(let context): (context, context.debugDescription)
        @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "it is damaged")
        }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? words : "\(path): \(words)"
}
