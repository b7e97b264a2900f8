import ContentAddress
package import OCI

/// A file system as an image of one layer: what a container sees, or a directory.
///
/// Config and manifest are made for it; the layer lies in a file without a name.
package struct SingleLayerSource: ImageSource {
    /// The reference it was opened by.
    package let name: String
    /// What wasn't read.
    package let unread: [UnreadPath]
    private let file: SharedFile
    private let layer: Descriptor
    private let config: ImageDocument
    private let manifest: ImageDocument

    /// Takes a tar archive over, which is read once for its digest.
    init(
        _ file: SharedFile,
        platform: Platform,
        execution: ImageConfig.Execution?,
        name: String,
        unread: [UnreadPath] = []
    ) throws(TransportError) {
        self.file = file
        self.unread = unread
        self.name = name
        let size = try file.size
        layer = Descriptor(
            mediaType: MediaType.layer,
            digest: try file.reader(count: size).digest(),
            size: size
        )
        let config = ImageConfig(platform: platform, config: execution, diffIDs: [layer.digest])
        do {
            self.config = ImageDocument(mediaType: MediaType.imageConfig, bytes: try CanonicalJSON.encode(config))
            let manifest = ImageManifest(config: self.config.descriptor, layers: [layer])
            self.manifest = ImageDocument(mediaType: MediaType.imageManifest, bytes: try CanonicalJSON.encode(manifest))
        } catch {
            throw .document(what: name, reason: "\(error)")
        }
    }

    /// The manifest made for it.
    package func root() -> ImageDocument { manifest }

    /// Opens the layer or the config.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        switch descriptor.digest {
        case layer.digest: return file.reader(count: try file.size)
        case config.digest: return MemoryReader(config.bytes)
        default: throw .notFound(what: "blob \(descriptor.digest)", place: name)
        }
    }
}

extension BlobReader {
    /// The digest of everything up to the end.
    func digest() throws(TransportError) -> Digest {
        try Digest.of { buffer throws(TransportError) in try read(into: buffer) }.digest
    }
}
