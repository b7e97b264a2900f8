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
            throw .document(what: "the image index \(index.digest.short)", reason: "\(member)")
        }
        for descriptor in view.manifests {
            guard documents.count + otherMembers.count <= ImageOutline.maximumBlobs else {
                throw .tooLarge(
                    what: "the image",
                    size: Int64(documents.count + otherMembers.count),
                    limit: Int64(ImageOutline.maximumBlobs)
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
        guard MediaType.isConfig(config.mediaType), read[config.digest] == nil else { return }
        let document = try source.document(config)
        try document.checkConfig()
        keep(document)
    }

    private mutating func keep(_ document: ImageDocument) {
        keptCount += document.bytes.count
        if keptCount <= Self.keptBytes { read[document.digest] = document }
    }

    // What an index names and its place hasn't got is said with its platform: who wanted another one can ask for that.
    private func member(_ descriptor: Descriptor) throws(TransportError) -> ImageDocument {
        do throws(TransportError) {
            return try source.document(descriptor)
        } catch {
            guard case .notFound(let what, let place) = error, let platform = descriptor.platform else { throw error }
            throw .notFound(what: "\(what), the image for \(platform)", place: place)
        }
    }
}
