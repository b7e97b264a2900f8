import ArtifactStore
import ContentAddress
import ImageTransport
import OCI

/// An image that was built and isn't in the store yet: its layers are in the batch, or were in the store before.
struct BuiltImageSource: ImageSource {
    let image: BuiltImage
    let batch: BlobBatch
    let store: Store

    var name: String { "the image" }

    func root() -> ImageDocument {
        ImageDocument(mediaType: image.index.mediaType, bytes: image.index.bytes, digest: image.index.digest)
    }

    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        if let document = image.documents.first(where: { $0.digest == descriptor.digest }) {
            return MemoryReader(document.bytes)
        }
        if batch.contents[descriptor.digest] != nil { return BatchReader(batch, descriptor.digest) }
        return try StoreBlobs(store: store).open(descriptor)
    }
}

/// A blob of a batch, read from its start.
private final class BatchReader: BlobReader {
    private let batch: BlobBatch
    private let digest: Digest
    private var offset: Int64 = 0

    init(_ batch: BlobBatch, _ digest: Digest) {
        self.batch = batch
        self.digest = digest
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        let count: Int?
        do { count = try batch.read(digest, into: buffer, at: offset) } catch { throw .store("\(error)") }
        guard let count else { throw .notFound(what: "blob \(digest)", place: "the batch") }
        offset += Int64(count)
        return count
    }
}
