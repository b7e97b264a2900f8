package import ArtifactStore
package import ContentAddress
package import OCI
package import SystemIO

package struct StoreSource: ImageSource {
    /// The reference it was opened by.
    package let name: String
    private let store: Store
    private let top: ImageDocument
    private let referrers: StoreReferrers

    /// Opens an image by its name or digest.
    ///
    /// Its own signed statements refer to it, too, where `statements` are wanted. Throws
    /// ``TransportError/notFound(what:place:)`` when the store has no such image.
    package init(
        store: Store,
        reference: ImageReference,
        statements: Bool = true
    ) throws(TransportError) {
        self.store = store
        referrers = StoreReferrers(store, statements: statements, repository: reference)
        name = reference.description
        let image = try Self.translating("the image \(reference)") { () throws(StoreError) in try store.image(reference)
        }
        guard let image else { throw .notFound(what: "image '\(reference)'", place: "the store") }
        let bytes = try Self.translating("the image \(reference)") { () throws(StoreError) in
            try store.readBlob(image.digest, limit: Int(ImageDocument.largestSize))
        }
        top = ImageDocument(mediaType: image.mediaType, bytes: bytes, digest: image.digest)
    }

    /// Opens a platform's manifest by its digest, whatever leads to it.
    ///
    /// Throws ``TransportError/notFound(what:place:)`` when the store doesn't have it.
    package init(store: Store, manifest: Digest) throws(TransportError) {
        self.store = store
        referrers = StoreReferrers(store)
        name = manifest.description
        let bytes = try Self.translating("the image \(manifest)") { () throws(StoreError) in
            try store.readBlob(manifest, limit: Int(ImageDocument.largestSize))
        }
        top = ImageDocument(mediaType: MediaType.imageManifest, bytes: bytes, digest: manifest)
    }

    /// Opens an image whose top document is given, and whose blobs the store has.
    package init(store: Store, document: ImageDocument, name: String) {
        self.store = store
        referrers = StoreReferrers(store)
        self.name = name
        top = document
    }

    /// The index or manifest.
    package func root() -> ImageDocument { top }

    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        if let made = referrers.reader(descriptor) { return made }
        return try StoreBlobs(store: store).open(descriptor)
    }

    /// Whether something of an artifact type came with a manifest that it refers to.
    package func hasReferrer(to digest: Digest, ofType type: String) throws(TransportError) -> Bool {
        try referrers.has(digest, type)
    }

    /// What came that refers to a manifest, and the signed statements about it.
    package func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        try referrers.list(to: subject)
    }

    /// What tags attach to a manifest: of those that came with it, and of its repository.
    package func tagged(_ subject: Descriptor) throws(TransportError) -> [Descriptor] {
        try referrers.tagged(subject.digest)
    }

    /// A blob's file, when no system call has changed it since its bytes were hashed; larger ones are hashed for that.
    package func verifiedFile(_ descriptor: Descriptor) throws(TransportError) -> File? {
        try StoreBlobs(store: store).verifiedFile(descriptor) { () throws(TransportError) in try blob(descriptor) }
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

    static func explain(_ what: String, _ error: StoreError) -> TransportError {
        switch error {
        case .system(let error): .system(error)
        case .notFound(let what, _): .notFound(what: what, place: "the store")
        case _ where error.kind == .environment: .store("\(error)")
        default: .document(what: what, reason: "\(error)")
        }
    }
}
