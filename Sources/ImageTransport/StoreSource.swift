public import ArtifactStore
internal import ContentAddress
public import OCI
public import SystemIO

/// An image in the store.
public struct StoreSource: ImageSource {
    /// The reference it was opened by.
    public let name: String
    private let store: Store
    private let top: ImageDocument

    /// Opens an image by its name or digest.
    ///
    /// Throws ``TransportError/notFound(what:place:)`` when the store has no such image.
    public init(store: Store, reference: ImageReference) throws(TransportError) {
        self.store = store
        name = reference.description
        let image = try Self.translating("the image \(reference)") { () throws(StoreError) in try store.image(reference)
        }
        guard let image else { throw .notFound(what: "image '\(reference)'", place: "the store") }
        let bytes = try Self.translating("the image \(reference)") { () throws(StoreError) in
            try store.readBlob(image.digest, limit: Int(ImageDocument.largestSize))
        }
        top = ImageDocument(mediaType: image.mediaType, bytes: bytes, digest: image.digest)
    }

    /// The index or manifest.
    public func root() -> ImageDocument { top }

    /// Opens a blob.
    public func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        let file = try SharedFile.open(
            store.paths.blob(descriptor.digest),
            what: "blob \(descriptor.digest)",
            place: "the store"
        )
        return file.reader(count: try file.size)
    }

    /// A blob's file, when no system call has changed it since its bytes were hashed; larger ones are hashed for that.
    public func verifiedFile(_ descriptor: Descriptor) throws(TransportError) -> File? {
        guard descriptor.size >= Self.smallestFile else { return nil }
        let place = "blob \(descriptor.digest)"
        let file = try Self.open(store, descriptor.digest)
        let status = try Self.status(of: file)
        guard status.size == descriptor.size else { return nil }
        let isKnown = try Self.translating(place) { () throws(StoreError) in
            try store.isUnchanged(descriptor.digest, status)
        }
        if !isKnown {
            let stream = try blob(descriptor)
            try stream.forEachPiece { _ in }
            guard try Self.status(of: file) == status else { return nil }
            // Only a shortcut for the next time: a store that can't take the note is none the worse.
            try? store.noteUnchanged([(descriptor.digest, status)])
        }
        return file
    }

    /// Below this a stream costs no more than a look into the index, in bytes.
    private static let smallestFile: Int64 = 1 << 20

    private static func open(_ store: Store, _ digest: Digest) throws(TransportError) -> File {
        do { return try store.openBlob(digest) } catch { throw explain("blob \(digest)", error) }
    }

    private static func status(of file: borrowing File) throws(TransportError) -> FileStatus {
        do { return try file.status() } catch { throw .system(error) }
    }

    static func add(_ blob: BlobStream, to batch: BlobBatch) throws(TransportError) {
        var writer = try writer(batch)
        try blob.forEachPiece { piece throws(TransportError) in
            do throws(StoreError) { try writer.write(piece) } catch { throw explain("the store", error) }
        }
        do throws(StoreError) { _ = try writer.finish() } catch { throw explain("the store", error) }
    }

    private static func writer(_ batch: BlobBatch) throws(TransportError) -> BlobWriter {
        do { return try batch.writer() } catch { throw explain("the store", error) }
    }

    static func translating<Value>(
        _ what: String,
        _ body: () throws(StoreError) -> Value
    ) throws(TransportError) -> Value {
        do {
            return try body()
        } catch {
            throw explain(what, error)
        }
    }

    private static func explain(_ what: String, _ error: StoreError) -> TransportError {
        switch error {
        case .system(let error): .system(error)
        case .notFound(let what, _): .notFound(what: what, place: "the store")
        default: .document(what: what, reason: "\(error)")
        }
    }
}
