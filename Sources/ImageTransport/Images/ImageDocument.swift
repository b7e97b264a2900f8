package import ContentAddress
package import OCI

/// A JSON document of an image: the bytes as they came, and views of them.
///
/// The bytes are what has the digest, so they are kept and never encoded again.
package struct ImageDocument: Hashable, Sendable {
    /// No manifest, index or config is larger: what registries and containerd accept.
    package static let largestSize: Int64 = 4 << 20

    /// What it claims to be.
    package let mediaType: String
    /// The bytes as they came.
    package let bytes: [UInt8]
    /// The bytes' digest.
    package let digest: Digest

    /// A document whose digest is known to be right.
    package init(mediaType: String, bytes: [UInt8], digest: Digest) {
        self.mediaType = mediaType
        self.bytes = bytes
        self.digest = digest
    }

    /// A document of our own.
    package init(mediaType: String, bytes: [UInt8]) {
        self.init(mediaType: mediaType, bytes: bytes, digest: .of(bytes))
    }

    package var descriptor: Descriptor { Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count)) }

    /// The view of it as an index.
    package func index() throws(TransportError) -> ImageIndex {
        try decode(ImageIndex.self, .index, "the image index \(digest.short)")
    }

    /// The view of it as a manifest.
    package func manifest() throws(TransportError) -> ImageManifest {
        try decode(ImageManifest.self, .manifest, "the image manifest \(digest.short)")
    }

    /// The view of it as a config.
    package func config() throws(TransportError) -> ImageConfig {
        try decode(ImageConfig.self, .config, "the image config \(digest.short)")
    }

    /// Checks that it says one thing to all readers, as a config whose members aren't needed here.
    func checkConfig() throws(TransportError) {
        _ = try decode(AnyDocument.self, .config, "the image config \(digest.short)")
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type,
        _ kind: DocumentKind,
        _ what: String
    ) throws(TransportError) -> Value {
        try decodeDocument(type, bytes, as: kind, mediaType: mediaType, what)
    }
}

/// Decodes a document from outside that says one thing to all readers, with an error that names the member.
func decodeDocument<Value: Decodable>(
    _ type: Value.Type,
    _ bytes: [UInt8],
    as kind: DocumentKind,
    mediaType: String? = nil,
    _ what: String
) throws(TransportError) -> Value {
    do throws(OCIError) {
        return try DocumentReading<Value>.decode(bytes, as: kind, mediaType: mediaType, what: what)
    } catch {
        throw TransportError(error)
    }
}

extension TransportError {
    init(_ error: OCIError) {
        switch error {
        case .ambiguous(let what, let reason): self = .ambiguousDocument(what: what, reason: reason)
        case .document(let what, let reason): self = .document(what: what, reason: reason)
        case .malformed(let what, _, _): self = .document(what: what, reason: "\(error)")
        }
    }
}

extension ImageDocument {
    /// The bytes as a stream.
    var stream: BlobStream {
        BlobStream(MemoryReader(bytes), what: "document \(digest.short)", size: Int64(bytes.count), digest: digest)
    }
}
