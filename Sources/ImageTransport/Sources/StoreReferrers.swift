package import ArtifactStore
import ContentAddress
import OCI
import Synchronization

/// What a store knows to refer to a manifest: what came with it, and its own signed statements.
final class StoreReferrers: Sendable {
    private let store: Store
    /// Whether the store's own statements are listed.
    private let hasStatements: Bool
    /// The repository by whose tags something may be attached; nil for none.
    private let repository: ImageReference?
    // Documents that are made of the store's rows, by digest.
    private let made = Mutex<[Digest: [UInt8]]>([:])

    init(_ store: Store, statements: Bool = true, repository: ImageReference? = nil) {
        (self.store, hasStatements, self.repository) = (store, statements, repository)
    }

    /// Whether something of an artifact type came with a manifest that it refers to.
    func has(_ subject: Digest, _ type: String) throws(TransportError) -> Bool {
        let found = try StoreSource.translating("what refers to \(subject.short)") { () throws(StoreError) in
            try store.referrers(to: subject)
        }
        return found.contains { $0.artifactType == type }
    }

    /// Lists what refers to a manifest; a statement that came in a manifest of another's is listed once.
    func list(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        var (listed, attached): ([Descriptor], Set<Digest>) = ([], [])
        for document in try came(to: subject.digest).filter({ $0.tag == nil }).map(\.document) {
            listed.append(try document.referrerDescriptor())
            attached.insert(document.digest)
            if MediaType.isManifest(document.mediaType) {
                attached.formUnion(try document.manifest().layers.map(\.digest))
            }
        }
        guard hasStatements else { return listed }
        let statements = try StoreSource.translating("the statements about \(subject.digest.short)") {
            () throws(StoreError) in try store.attestations(about: subject.digest)
        }
        for statement in statements where !attached.contains(statement.digest) {
            let manifest = try AttestationManifest(statement, subject: subject)
            made.withLock { made in
                made.merge(manifest.blobs) { first, _ in first }
                made[manifest.document.digest] = manifest.document.bytes
            }
            listed.append(try manifest.document.referrerDescriptor())
        }
        return listed
    }

    /// Lists what tags attach to a manifest: what came with it so, and images that have such a name in its repository.
    ///
    /// Of what one tag attaches, the last is what it names now.
    func tagged(_ subject: Digest) throws(TransportError) -> [Descriptor] {
        var listed: [Descriptor] = []
        let came = try came(to: subject).sorted { $0.at < $1.at }
        for tag in CosignTag.all(of: subject) {
            listed += came.filter { $0.tag == tag }.map { $0.document.descriptor.attached(by: tag) }
            guard let repository else { continue }
            let image = try StoreSource.translating("the tag \(tag.text)") {
                () throws(StoreError) -> ImageDocument? in try named(tag, in: repository)
            }
            guard let image else { continue }
            listed.removeAll { $0.digest == image.digest }
            listed.append(image.descriptor.attached(by: tag))
        }
        return listed
    }

    private func named(_ tag: CosignTag, in repository: ImageReference) throws(StoreError) -> ImageDocument? {
        guard let name = try? Tag(parsing: tag.text) else { return nil }
        let reference = ImageReference(registry: repository.registry, repository: repository.repository, tag: name)
        guard let image = try store.image(reference) else { return nil }
        let bytes = try store.readBlob(image.digest, limit: Int(ImageDocument.largestSize))
        return ImageDocument(mediaType: image.mediaType, bytes: bytes, digest: image.digest)
    }

    /// What came with a manifest, by digest, each with the tag that attaches it; nil where its bytes name the subject.
    private func came(
        to subject: Digest
    ) throws(TransportError) -> [(document: ImageDocument, tag: CosignTag?, at: Timestamp)] {
        let found = try StoreSource.translating("what refers to \(subject.short)") { () throws(StoreError) in
            var found: [(StoredReferrer, ImageDocument)] = []
            for referrer in try store.referrers(to: subject) {
                let bytes = try store.readBlob(referrer.digest, limit: Int(ImageDocument.largestSize))
                let document = ImageDocument(mediaType: referrer.mediaType, bytes: bytes, digest: referrer.digest)
                found.append((referrer, document))
            }
            return found
        }
        return try found.map { referrer, document throws(TransportError) in
            (document, try referrer.tag(document), referrer.addedAt)
        }
    }

    /// A document that was listed, or a blob of one; nil for anything else.
    func reader(_ descriptor: Descriptor) -> MemoryReader? { bytes(descriptor.digest).map { MemoryReader($0) } }

    /// What was made of the store's rows for a list, by its digest; nil for anything else.
    func bytes(_ digest: Digest) -> [UInt8]? { made.withLock { $0[digest] } }
}

extension StoredReferrer {
    /// The tag that attaches it, which its artifact type records; nil where its bytes name a subject.
    package func tag(_ document: ImageDocument) throws(TransportError) -> CosignTag? {
        guard let kind = CosignTag.Kind.allCases.first(where: { $0.artifactType == artifactType }),
            try document.subject()?.digest != subject
        else { return nil }
        return CosignTag(subject, kind)
    }
}
