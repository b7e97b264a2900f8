package import ContentAddress
package import OCI
package import SystemIO

/// A manifest that refers to another one, as an image of its own in the same place.
package struct ReferrerSource: ImageSource {
    /// The reference that the image was opened by.
    package let name: String
    /// The tag that attaches it; nil where its bytes name the subject.
    package let tag: CosignTag?
    private let whole: any ImageSource
    private let top: ImageDocument

    /// Opens a referrer by what its place says of it, and checks that it refers to the subject: by itself, or by its tag.
    package init(_ whole: any ImageSource, _ descriptor: Descriptor, subject: Digest) throws(TransportError) {
        self.whole = whole
        name = whole.name
        tag = descriptor.cosignTag
        guard MediaType.isManifest(descriptor.mediaType) || MediaType.isIndex(descriptor.mediaType) else {
            throw .document(
                what: "the referrer \(descriptor.digest.short)",
                reason: "it is a '\(descriptor.mediaType)', not a manifest"
            )
        }
        top = try whole.document(descriptor)
        if MediaType.isIndex(top.mediaType) { try Self.checkMembers(of: top) }
        let named = if let tag { tag.subject } else { try top.subject()?.digest }
        guard named == subject else {
            throw .document(
                what: "the referrer \(descriptor.digest.short)",
                reason: "its subject is not \(subject.short)"
            )
        }
    }

    // Its documents are read before their sizes are known.
    private static func checkMembers(of index: ImageDocument) throws(TransportError) {
        let members = try index.index().manifests
        guard members.count <= largestMemberCount, !members.contains(where: { MediaType.isIndex($0.mediaType) }) else {
            throw .document(
                what: "the referrer \(index.digest.short)",
                reason: "an index of at most \(largestMemberCount) manifests travels"
            )
        }
    }

    private static let largestMemberCount = 64

    package func root() -> ImageDocument { top }

    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        try whole.open(descriptor)
    }

    package func verifiedFile(_ descriptor: Descriptor) throws(TransportError) -> File? {
        try whole.verifiedFile(descriptor)
    }

    package func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        try whole.referrers(to: subject)
    }
}

extension ImageDocument {
    /// What a manifest or an index refers to.
    package func subject() throws(TransportError) -> Descriptor? {
        MediaType.isIndex(mediaType) ? try index().subject : try manifest().subject
    }

    /// How a place names it that it is attached in: as a list of referrers does, or by its tag.
    func referrerDescriptor(by tag: CosignTag?) throws(TransportError) -> Descriptor {
        if let tag { descriptor.attached(by: tag) } else { try referrerDescriptor() }
    }

    /// How a list of referrers names it (OCI distribution specification 1.1, "Listing Referrers").
    package func referrerDescriptor() throws(TransportError) -> Descriptor {
        var entry = descriptor
        if MediaType.isIndex(mediaType) {
            let index = try index()
            (entry.artifactType, entry.annotations) = (index.artifactType, index.annotations)
        } else {
            let manifest = try manifest()
            entry.artifactType = manifest.artifactType ?? manifest.config.mediaType
            entry.annotations = manifest.annotations
        }
        return entry
    }
}
