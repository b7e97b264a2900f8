import ContentAddress
package import OCI

/// skopeo's `dir:` layout: `manifest.json`, further manifests as `<hex>.manifest.json`, and blobs as `<hex>`.
package struct SkopeoDirectorySource: ImageSource {
    /// The reference it was opened by.
    package let name: String
    private let path: String
    private let top: ImageDocument

    /// Opens `dir:DIR`.
    package init(path: String) throws(TransportError) {
        self.path = path
        name = "dir:\(path)"
        let bytes = try DirectoryFiles(path: path).bytes(of: "manifest.json", limit: ImageDocument.largestSize)
        // Which of the two a document is shows in what it has, since OCI's may leave the media type out.
        struct Shape: Decodable {
            let mediaType: String?
            let manifests: AnyDocument?
        }
        let shape: Shape
        do throws(OCIError) {
            // Whether it can be read in two ways is asked when it is read as what it is.
            shape = try DocumentReading(bytes, as: .other, what: "\(path)/manifest.json").value
        } catch {
            throw TransportError(error)
        }
        let mediaType = shape.mediaType ?? (shape.manifests == nil ? MediaType.imageManifest : MediaType.imageIndex)
        top = ImageDocument(mediaType: mediaType, bytes: bytes)
    }

    /// The manifest or index.
    package func root() -> ImageDocument { top }

    /// Opens a blob or a further manifest.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        let isManifest = MediaType.isManifest(descriptor.mediaType) || MediaType.isIndex(descriptor.mediaType)
        let name = descriptor.digest.hex + (isManifest ? ".manifest.json" : "")
        let file = try SharedFile.open("\(path)/\(name)", what: "blob \(descriptor.digest)", place: path)
        return file.reader(count: try file.size)
    }
}
