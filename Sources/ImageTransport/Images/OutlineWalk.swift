import ContentAddress
import OCI

/// Follows an image's documents to the blobs that they name.
///
/// Each document is read once, however often indexes name it.
struct OutlineWalk<Source: ImageSource> {
    private(set) var parts: [ImageOutline.Part] = []
    /// Layers, configs and members of other types.
    private(set) var content: [Descriptor] = []
    /// Manifests and nested indexes, each after its members.
    private(set) var documents: [Descriptor] = []
    private(set) var otherMembers: [Descriptor] = []
    /// What the blobs are in the image, such as `a layer of the image for linux/arm64`.
    private(set) var uses: [Digest: String] = [:]
    /// The documents that were read, as far as ``keptBytes`` goes.
    private(set) var read: [Digest: ImageDocument] = [:]

    private let source: Source
    private var seen: Set<Digest> = []
    private var manifests: [Digest: ImageManifest] = [:]
    private var keptCount = 0

    // Documents beyond these are read again when they are sent.
    private static var keptBytes: Int { 64 << 20 }

    init(_ source: Source) {
        self.source = source
    }

    /// Follows the document that stands for the whole.
    mutating func visit(_ root: ImageDocument) throws(TransportError) {
        if MediaType.isIndex(root.mediaType) {
            seen.insert(root.digest)
            try visitMembers(of: root, depth: 1)
        } else {
            try add(ImageOutline.Part(descriptor: root.descriptor, manifest: root.manifest()))
        }
    }

    private mutating func visitMembers(of index: ImageDocument, depth: Int) throws(TransportError) {
        let view = try index.index()
        if let member = view.foreignMembers.first {
            throw .document(
                what: "the image index \(index.digest.short)",
                reason: "\(member); --platform takes the image for one platform alone"
            )
        }
        for descriptor in view.manifests {
            guard documents.count + otherMembers.count <= ImageOutline.maximumBlobs else {
                throw .tooLarge(
                    what: "the image",
                    size: Int64(documents.count + otherMembers.count),
                    limit: Int64(ImageOutline.maximumBlobs),
                    unit: "manifests"
                )
            }
            if MediaType.isIndex(descriptor.mediaType) {
                guard depth < ImageOutline.largestDepth else {
                    throw .document(
                        what: "the image index \(index.digest.short)",
                        reason: "indexes in indexes are read to a depth of \(ImageOutline.largestDepth)"
                    )
                }
                if seen.insert(descriptor.digest).inserted {
                    let document = try member(descriptor)
                    keep(document)
                    try visitMembers(of: document, depth: depth + 1)
                }
                documents.append(descriptor)
            } else if MediaType.isManifest(descriptor.mediaType) {
                if let manifest = manifests[descriptor.digest] {
                    parts.append(ImageOutline.Part(descriptor: descriptor, manifest: manifest))
                } else {
                    let document = try member(descriptor)
                    keep(document)
                    uses[descriptor.digest] = descriptor.words
                    try add(ImageOutline.Part(descriptor: descriptor, manifest: document.manifest()))
                }
                documents.append(descriptor)
            } else {
                // It would lose its layers on the way, and some engines run it.
                guard !MediaType.isOldManifest(descriptor.mediaType) else {
                    throw .document(
                        what: "the image index \(index.digest.short)",
                        reason: "it holds a \(descriptor.mediaType): convert it to a current manifest"
                    )
                }
                content.append(descriptor)
                otherMembers.append(descriptor)
            }
        }
    }

    private mutating func add(_ part: ImageOutline.Part) throws(TransportError) {
        parts.append(part)
        manifests[part.descriptor.digest] = part.manifest
        content += part.manifest.layers + [part.manifest.config]
        let config = part.manifest.config
        for layer in part.manifest.layers where uses[layer.digest] == nil {
            uses[layer.digest] = "a layer of \(part.descriptor.words)"
        }
        uses[config.digest] = uses[config.digest] ?? "the config of \(part.descriptor.words)"
        guard MediaType.isConfig(config.mediaType), read[config.digest] == nil else { return }
        let document = try document(config)
        try document.checkConfig()
        keep(document)
    }

    private mutating func keep(_ document: ImageDocument) {
        keptCount += document.bytes.count
        if keptCount <= Self.keptBytes { read[document.digest] = document }
    }

    private mutating func member(_ descriptor: Descriptor) throws(TransportError) -> ImageDocument {
        uses[descriptor.digest] = uses[descriptor.digest] ?? descriptor.words
        return try document(descriptor)
    }

    private func document(_ descriptor: Descriptor) throws(TransportError) -> ImageDocument {
        do throws(TransportError) {
            return try source.document(descriptor)
        } catch {
            throw error.naming(uses[descriptor.digest], isInIndex: !seen.isEmpty)
        }
    }
}

extension Descriptor {
    /// What a member of an index is, for messages.
    fileprivate var words: String {
        // BuildKit writes them into the index under a platform that is none.
        if let platform, platform.os == "unknown" { return "an attestation" }
        if let platform { return "the image for \(platform)" }
        return MediaType.isIndex(mediaType) ? "an index in the index" : "the image \(digest.short)"
    }
}

extension TransportError {
    /// What isn't there is said with its use in the image: who wanted another platform can ask for that one alone.
    func naming(_ use: String?, isInIndex: Bool) -> TransportError {
        guard case .notFound(let what, let place) = self, let use, !what.hasSuffix(use) else { return self }
        let remedy = isInIndex ? "; --platform takes the image for one platform alone" : ""
        return .notFound(what: "\(what), \(use)", place: place + remedy)
    }
}
