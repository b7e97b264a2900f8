import ArtifactStore
import ContentAddress
import OCI
import Release

/// What others attached to a part of a bundle or to a manifest of it, such as signatures by cosign and notation: an index of
/// these manifests, each behind its subject (docs/bundle-format.md, section 7).
struct BundleReferrers {
    /// The part.
    let source: MemorySource
    /// The referrers' documents, configs and layers.
    let blobs: [Descriptor]

    /// What is behind the name of the part that they are attached to.
    static let suffix = "+referrers"

    /// The part that carries them about another one; nil where there are none.
    init?(_ referrers: ImageReferrers, about subject: Descriptor) throws(TransportError) {
        guard !referrers.all.isEmpty else { return nil }
        let members = referrers.all.map { referrer in
            let root = referrer.outline.root.descriptor
            // Without its artifactType, as the members of a release: skopeo 1.9 knows none there.
            return referrer.source.tag.map { root.attached(by: $0) } ?? root
        }
        let index = try Self.index(of: members, about: subject)
        source = MemorySource(index: index, documents: [])
        blobs = referrers.all.flatMap(\.outline.blobs)
    }

    private static func index(
        of members: [Descriptor],
        about subject: Descriptor
    ) throws(TransportError) -> ImageDocument {
        var index = ImageIndex(manifests: members)
        index.artifactType = BundleType.referrers
        index.subject = Descriptor(mediaType: subject.mediaType, digest: subject.digest, size: subject.size)
        return try ReleaseDocuments.document(MediaType.imageIndex, index)
    }
}

extension BundleReferrers {
    /// Such a part, as it is read.
    struct Read {
        /// What they are attached to.
        let about: Descriptor
        fileprivate let members: [Descriptor]
        fileprivate let source: any ImageSource

        /// Throws where it isn't written as docs/bundle-format.md says.
        init(_ source: any ImageSource) throws(TransportError) {
            let root = try source.root()
            let index = try root.index()
            guard let subject = index.subject else {
                throw .document(what: "its root \(root.digest.short)", reason: "it has no subject")
            }
            guard try BundleReferrers.index(of: index.manifests, about: subject).bytes == root.bytes else {
                throw .document(
                    what: "its root \(root.digest.short)",
                    reason: "it isn't written as docs/bundle-format.md says: another program made or changed it"
                )
            }
            (about, members, self.source) = (subject, index.manifests, source)
        }

        /// The referrers, and their blobs, each within the bounds of what travels.
        ///
        /// Throws for one that is attached neither to one of the documents of its part nor to one before it.
        func referrers(
            of documents: Set<Digest>
        ) throws(TransportError) -> [(record: ReferrerRecord, blobs: [Descriptor])] {
            var depths: [Digest: Int] = [:]
            for document in documents { depths[document] = 0 }
            var counts: [Digest: Int] = [:]
            var found: [(record: ReferrerRecord, blobs: [Descriptor])] = []
            for member in members {
                let what = "the referrer \(member.digest.short)"
                let tag = member.cosignTag
                let named = if let tag { tag.subject } else { try source.document(member).subject()?.digest }
                guard let subject = named else {
                    throw .document(what: what, reason: "it names no subject")
                }
                guard let depth = depths[subject] else {
                    throw .document(
                        what: what,
                        reason: "its subject \(subject.short) isn't of this part, nor before it"
                    )
                }
                guard depth < ImageReferrers.largestDepth else {
                    throw .document(what: what, reason: "referrers travel to a depth of \(ImageReferrers.largestDepth)")
                }
                guard depths.updateValue(depth + 1, forKey: member.digest) == nil else {
                    throw .document(what: what, reason: "it stands there twice, or is its own subject")
                }
                let count = counts[subject, default: 0] + 1
                guard count <= ImageReferrers.largestCount else {
                    throw .tooLarge(
                        what: "the list of what refers to \(subject.short)",
                        size: Int64(count),
                        limit: Int64(ImageReferrers.largestCount),
                        unit: "members"
                    )
                }
                guard found.count < ImageReferrers.largestTotal else {
                    throw .tooLarge(
                        what: "the list",
                        size: Int64(members.count),
                        limit: Int64(ImageReferrers.largestTotal),
                        unit: "members"
                    )
                }
                counts[subject] = count
                let referrer = try ReferrerSource(source, member, subject: subject)
                let outline = try ImageOutline(of: referrer)
                try ImageReferrers.checkSize(of: outline)
                let record = try ReferrerRecord(outline, to: subject, by: tag)
                found.append((record, outline.blobs))
            }
            return found
        }
    }
}
