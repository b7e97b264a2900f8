import ArtifactStore
import ContentAddress
import ImageTransport
import OCI

/// The images of the store that have a name in one repository.
struct ImageRepository: Repository {
    let name: RepositoryName
    /// What stands before the tag in the names that are served here.
    let spellings: [String]
    let store: Store
    let documents: DocumentCache
    let drafts: DraftRule

    func tags(after last: String, limit: Int) throws -> TagPage {
        var images: [String: Set<Digest>] = [:]
        for spelling in spellings {
            for (tag, image) in try store.tags(of: spelling, after: last, limit: limit + 1) {
                images[tag.text, default: []].insert(image)
            }
        }
        guard try !images.isEmpty || isThere else {
            throw RegistryProblem.unknownName(name.text)
        }
        let all = images.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let page = all.prefix(limit)
        let served = try page.filter { tag in
            guard let found = images[tag], found.count == 1, let image = found.first else { return false }
            return try !drafts.withholds(image)
        }
        return TagPage(tags: served, next: all.count > limit ? page.last : nil)
    }

    var isThere: Bool {
        get throws {
            try spellings.contains { try !store.tags(of: $0, limit: 1).isEmpty } || store.isPushed(to: name.text)
        }
    }

    func manifest(_ tag: Tag) throws -> ServedManifest {
        let image: Digest
        do {
            image = try self.image(tag)
        } catch {
            guard let found = try attached(by: tag) else { throw error }
            return ServedManifest(document: found, name: "\(found.digest)")
        }
        let pushed = try store.pushedName(of: image, in: name.text)
        return ServedManifest(document: try document(of: image), name: pushed ?? "\(image)")
    }

    func manifest(_ digest: Digest) throws -> ImageDocument? {
        let images = try images(reaching: digest)
        if images.contains(digest) { return try document(of: digest) }
        for image in images {
            var seen: Set<Digest> = [image]
            if let type = try type(of: digest, in: document(of: image), depth: 1, &seen) {
                return try documents.document(digest, type, in: store)
            }
        }
        guard let referrer = try referrers(reaching: digest).first(where: { $0.digest == digest }) else { return nil }
        return try documents.document(digest, referrer.mediaType, in: store)
    }

    func blob(_ digest: Digest) throws -> ServedBlob? {
        guard let size = try store.blobSize(digest) else { return nil }
        if try store.isPushed(digest, to: name.text) { return .stored(size: size) }
        guard try !images(reaching: digest).isEmpty || !referrers(reaching: digest).isEmpty else { return nil }
        return .stored(size: size)
    }

    private func image(_ tag: Tag) throws -> Digest {
        let found = Set(try spellings.compactMap { try store.image(named: $0, tag: tag) })
        guard found.count <= 1 else {
            throw RegistryProblem.unknownManifest(tag.text, in: name.text, reason: ": the name stands for two images")
        }
        guard let image = found.first, try !drafts.withholds(image) else {
            throw RegistryProblem.unknownManifest(tag.text, in: name.text)
        }
        return image
    }

    /// What came into the store with an image of the repository, and a tag attaches to it as cosign 2 does.
    ///
    /// An image that has that name now comes before it: cosign adds its next signature to what the tag names, and pushes that.
    private func attached(by tag: Tag) throws -> ImageDocument? {
        guard let wanted = CosignTag(tag.text), try isSubject(wanted.subject) else { return nil }
        // Two may have come by one tag: the latest is what it names.
        for referrer in try store.referrers(to: wanted.subject).sorted(by: { $0.addedAt > $1.addedAt }) {
            let document = try documents.document(referrer.digest, referrer.mediaType, in: store)
            if try referrer.tag(document) == wanted { return document }
        }
        return nil
    }

    private func document(of image: Digest) throws -> ImageDocument {
        guard let type = try store.mediaType(of: image) else {
            throw RegistryProblem.unknownManifest("\(image)", in: name.text)
        }
        return try documents.document(image, type, in: store)
    }

    func referrers(to subject: Digest) throws -> [Digest] {
        guard try isSubject(subject) else { return [] }
        // One that was pushed is its repository's.
        return try store.referrers(to: subject).filter { referrer in
            try store.referrers(reaching: referrer.digest).contains { $0.digest == referrer.digest }
                && referrer.tag(documents.document(referrer.digest, referrer.mediaType, in: store)) == nil
        }.map(\.digest)
    }

    /// What came into the store with an image of the repository, refers to it and reaches a blob.
    private func referrers(reaching digest: Digest) throws -> [StoredReferrer] {
        try store.referrers(reaching: digest).filter { try isSubject($0.subject) }
    }

    // A manifest of the repository, or what refers to one, or to that.
    private func isSubject(_ digest: Digest, depth: Int = 1) throws -> Bool {
        if try !images(reaching: digest).isEmpty { return true }
        guard depth < Self.largestDepth else { return false }
        return try store.referrers(reaching: digest).contains {
            try $0.digest == digest && isSubject($0.subject, depth: depth + 1)
        }
    }

    /// The images of the repository that have a blob: those with a name there, and those that were pushed there.
    ///
    /// One that names a blob which only another repository has doesn't have it.
    func images(reaching digest: Digest) throws -> [Digest] {
        let named = try spellings.flatMap { try store.images(of: $0, reaching: digest) }
        let pushed = try store.pushedManifests(of: name.text, reaching: digest).filter { !named.contains($0) }
        let found = named + pushed
        guard !found.isEmpty else { return [] }
        let lacking = try store.images(lacking: digest, in: name.text)
        return try found.filter { try !lacking.contains($0) && !drafts.withholds($0) }
    }

    // A layer is not a manifest, though the image reaches it: what an index names is one, with the type that it gives.
    private func type(
        of digest: Digest,
        in document: ImageDocument,
        depth: Int,
        _ seen: inout Set<Digest>
    ) throws -> String? {
        guard MediaType.isIndex(document.mediaType) else { return nil }
        let members = try document.index().manifests
        if let member = members.first(where: { $0.digest == digest }) { return member.mediaType }
        for member in members where MediaType.isIndex(member.mediaType) && depth < Self.largestDepth {
            guard seen.insert(member.digest).inserted, try store.blobSize(member.digest) != nil else { continue }
            let nested = try documents.document(member.digest, member.mediaType, in: store)
            if let type = try type(of: digest, in: nested, depth: depth + 1, &seen) { return type }
        }
        return nil
    }

    /// How deep indexes in indexes are read: what the store takes.
    private static let largestDepth = 4
}
