package import ArtifactStore
package import ContentAddress
package import OCI
package import Release
package import SystemIO

/// A release of the store, as the OCI artifact that a bundle has of it.
package struct ReleaseSource: ImageSource {
    /// The release, `name@version`.
    package let name: String
    private let blobs: StoreBlobs
    private let documents: ReleaseDocuments
    private let referrers: StoreReferrers

    /// Opens a release.
    ///
    /// The store's own signed statements refer to it, too, where `statements` are wanted. Throws ``StoreError/notFound(what:hint:)`` when the store has none of that key.
    package init(store: Store, release: ReleaseKey, statements: Bool = true) throws {
        let artifacts = try store.artifacts(of: release)
        guard !artifacts.isEmpty else { throw store.nothing(of: release) }
        name = release.description
        blobs = StoreBlobs(store: store)
        referrers = StoreReferrers(store, statements: statements)
        documents = try ReleaseDocuments(release, artifacts)
    }

    /// Which documents the release has.
    var artifactType: String { documents.artifactType }

    /// The release's index.
    package func root() -> ImageDocument { documents.index }

    /// Opens a document, or the bytes of a file.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        let all = documents.manifests + [documents.index, ReleaseDocuments.config]
        if let document = all.first(where: { $0.digest == descriptor.digest }) { return MemoryReader(document.bytes) }
        if let made = referrers.reader(descriptor) { return made }
        return try blobs.open(descriptor)
    }

    /// Whether it is the release's index or one of its manifests.
    package func has(_ document: ImageDocument) -> Bool {
        ([documents.index] + documents.manifests).contains { $0.digest == document.digest }
    }

    /// The manifest or the blob of that digest by which a signed statement refers to the release; nil for other digests.
    package func statement(_ digest: Digest) throws(TransportError) -> [UInt8]? {
        for document in [documents.index] + documents.manifests {
            _ = try referrers.list(to: document.descriptor)
            if let bytes = referrers.bytes(digest) { return bytes }
        }
        return nil
    }

    /// What came with the release and is attached to it by a tag.
    package func tagged(_ subject: Descriptor) throws(TransportError) -> [Descriptor] {
        try referrers.tagged(subject.digest)
    }

    /// The signed statements about the release, and what came with it.
    package func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        try referrers.list(to: subject)
    }

    /// A file's blob, when it is known to be unchanged.
    package func verifiedFile(_ descriptor: Descriptor) throws(TransportError) -> File? {
        guard descriptor.mediaType == BundleType.content else { return nil }
        return try blobs.verifiedFile(descriptor) { () throws(TransportError) in try blob(descriptor) }
    }
}
