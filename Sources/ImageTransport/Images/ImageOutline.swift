import ContentAddress
package import OCI

/// An image's documents, and the blobs that they name.
package struct ImageOutline: Sendable {
    /// A manifest with its descriptor and, for an index, its platform.
    package struct Part: Sendable {
        /// The manifest's descriptor.
        package let descriptor: Descriptor
        /// The manifest.
        package let manifest: ImageManifest
    }

    /// The document that stands for the whole.
    package let root: ImageDocument
    /// The manifests, in the index's order; one for an image of one platform.
    package let parts: [Part]
    /// All blobs, each once: layers and configs, the manifests, and the root last.
    ///
    /// Whoever sends them in this order never names what isn't there.
    package let blobs: [Descriptor]

    /// Reads the documents of an image.
    ///
    /// Throws what is wrong with a document, and for more than ``maximumBlobs`` blobs.
    package init(of source: some ImageSource) throws(TransportError) {
        if let ambiguity = source.notes.ambiguities.first { throw ambiguity }
        root = try source.root()
        var read: [Digest: ImageDocument] = [:]
        var kept = 0
        let keep = { (document: ImageDocument) in
            kept += document.bytes.count
            if kept <= Self.keptBytes { read[document.digest] = document }
        }
        var parts: [Part] = []
        var documents: [Descriptor] = []
        if MediaType.isIndex(root.mediaType) {
            for descriptor in try root.index().manifests {
                guard MediaType.isManifest(descriptor.mediaType) else {
                    throw .document(
                        what: "the image index \(root.digest.short)",
                        reason: "it holds a \(descriptor.mediaType)"
                    )
                }
                let document = try Self.member(descriptor, of: source)
                keep(document)
                parts.append(Part(descriptor: descriptor, manifest: try document.manifest()))
                documents.append(descriptor)
            }
        } else {
            parts.append(Part(descriptor: root.descriptor, manifest: try root.manifest()))
        }
        for config in parts.map(\.manifest.config) where MediaType.isConfig(config.mediaType) {
            guard read[config.digest] == nil else { continue }
            let document = try source.document(config)
            try document.checkConfig()
            keep(document)
        }
        self.read = read
        var seen: [Digest: Int64] = [:]
        let all = parts.flatMap { $0.manifest.layers + [$0.manifest.config] } + documents + [root.descriptor]
        var blobs: [Descriptor] = []
        for descriptor in all {
            if let size = seen.updateValue(descriptor.size, forKey: descriptor.digest) {
                guard size == descriptor.size else {
                    throw .size(what: "blob \(descriptor.digest.short)", expected: descriptor.size, found: size)
                }
            } else {
                blobs.append(descriptor)
            }
        }
        self.blobs = blobs
        guard blobs.count <= Self.maximumBlobs else {
            throw .tooLarge(what: "the image", size: Int64(blobs.count), limit: Int64(Self.maximumBlobs))
        }
        self.parts = parts
    }

    // What an index names and its place hasn't got is said with its platform: who wanted another one can ask for that.
    private static func member(
        _ descriptor: Descriptor,
        of source: some ImageSource
    ) throws(TransportError) -> ImageDocument {
        do throws(TransportError) {
            return try source.document(descriptor)
        } catch {
            guard case .notFound(let what, let place) = error, let platform = descriptor.platform else { throw error }
            throw .notFound(what: "\(what), the image for \(platform)", place: place)
        }
    }

    // Beyond this documents are read again when they are sent.
    private static let keptBytes = 64 << 20

    /// The documents that were read for it, but the root.
    private let read: [Digest: ImageDocument]

    /// A document's bytes that were read already; nil for any other blob.
    func document(_ digest: Digest) -> ImageDocument? { digest == root.digest ? root : read[digest] }

    /// The most blobs that an image may have.
    package static let maximumBlobs = 10_000
}
