package import ContentAddress
package import OCI
package import SystemIO

/// Where an image is read from: documents and blobs by their descriptors.
///
/// Calls block; a source may be used from several threads at once. Implementations hand out raw bytes, the methods
/// below check them: whoever reads through ``document(_:)`` and ``blob(_:)`` gets the bytes the descriptor names, or an
/// error. The contract suite is `ImageSourceContract` in the tests.
package protocol ImageSource: Sendable {
    /// The reference it was opened by, for messages.
    var name: String { get }

    /// The document that stands for the whole image: a manifest, or an index of several.
    func root() throws(TransportError) -> ImageDocument

    /// A blob's raw bytes, unchecked.
    ///
    /// Throws ``TransportError/notFound(what:place:)`` when there is no such blob.
    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader

    /// What the archive or layout has beside the image, and why it can be read in two ways.
    var notes: ContainerNotes { get }

    /// What the place says of the image beside its documents.
    var listing: ImageListing { get }

    /// A file that is known to hold exactly the bytes that the descriptor names, so that they can be copied inside the
    /// kernel; nil where that isn't known.
    func verifiedFile(_ descriptor: Descriptor) throws(TransportError) -> File?

    /// Whether the place lists something of an artifact type that refers to a manifest; false where it lists nothing.
    ///
    /// Throws where the store or the machine fails.
    func hasReferrer(to digest: Digest, ofType type: String) throws(TransportError) -> Bool

    /// Lists the manifests that refer to one, as the place knows them; whoever opens one checks what it says.
    ///
    /// Throws where they can't be listed.
    func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor]

    /// Lists the manifests that tags attach to one, as cosign 2 does.
    ///
    /// Throws where the place doesn't say.
    func tagged(_ subject: Descriptor) throws(TransportError) -> [Descriptor]

    /// What the source couldn't read of the file system that it makes an image of.
    var unread: [UnreadPath] { get }
}

extension ImageSource {
    /// None: most places hold documents and blobs by their digests, and nothing else.
    package var notes: ContainerNotes { ContainerNotes() }

    /// Nothing: most places name an image and say no more.
    package var listing: ImageListing { ImageListing() }

    /// Nothing: most sources hand out images that were made by others.
    package var unread: [UnreadPath] { [] }

    /// False: only registries, layouts and stores know what refers to what.
    package func hasReferrer(to digest: Digest, ofType type: String) -> Bool { false }

    /// None: archives of engines have no place for them.
    package func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] { [] }

    /// None: archives of engines have no place for them.
    package func tagged(_ subject: Descriptor) throws(TransportError) -> [Descriptor] { [] }

    /// All that is attached to a manifest, by a tag or by its subject.
    package func attached(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        try tagged(subject) + referrers(to: subject)
    }

    /// Nil: most sources know nothing of their bytes before they have been read.
    package func verifiedFile(_ descriptor: Descriptor) throws(TransportError) -> File? { nil }
}

extension ImageSource {
    /// A blob's bytes, checked against the descriptor's size and digest while they are read.
    package func blob(_ descriptor: Descriptor) throws(TransportError) -> BlobStream {
        guard descriptor.size >= 0 else {
            throw .document(what: "the descriptor of \(descriptor.digest)", reason: "its size is \(descriptor.size)")
        }
        return BlobStream(
            try open(descriptor),
            what: "blob \(descriptor.digest.short)",
            size: descriptor.size,
            digest: descriptor.digest
        )
    }

    /// A manifest, index or config: whole in memory, checked.
    package func document(_ descriptor: Descriptor) throws(TransportError) -> ImageDocument {
        let bytes = try bytes(of: descriptor, limit: ImageDocument.largestSize)
        return ImageDocument(mediaType: descriptor.mediaType, bytes: bytes, digest: descriptor.digest)
    }

    /// A small blob's bytes, checked.
    package func bytes(of descriptor: Descriptor, limit: Int64) throws(TransportError) -> [UInt8] {
        guard descriptor.size <= limit else {
            throw .tooLarge(what: "blob \(descriptor.digest.short)", size: descriptor.size, limit: limit)
        }
        return try blob(descriptor).readAll()
    }
}
