import ArtifactStore
import ContentAddress
import OCI
import Synchronization

/// What a store knows to refer to a manifest: what came with it, and its own signed statements.
final class StoreReferrers: Sendable {
    private let store: Store
    // Documents that are made of the store's rows, by digest.
    private let made = Mutex<[Digest: [UInt8]]>([:])

    init(_ store: Store) {
        self.store = store
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
        for document in try came(to: subject.digest) {
            listed.append(try document.referrerDescriptor())
            attached.insert(document.digest)
            if MediaType.isManifest(document.mediaType) {
                attached.formUnion(try document.manifest().layers.map(\.digest))
            }
        }
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

    private func came(to subject: Digest) throws(TransportError) -> [ImageDocument] {
        try StoreSource.translating("what refers to \(subject.short)") { () throws(StoreError) in
            var documents: [ImageDocument] = []
            for referrer in try store.referrers(to: subject) {
                let bytes = try store.readBlob(referrer.digest, limit: Int(ImageDocument.largestSize))
                documents.append(ImageDocument(mediaType: referrer.mediaType, bytes: bytes, digest: referrer.digest))
            }
            return documents
        }
    }

    /// A document that was listed, or a blob of one; nil for anything else.
    func reader(_ descriptor: Descriptor) -> MemoryReader? { bytes(descriptor.digest).map { MemoryReader($0) } }

    /// What was made of the store's rows for a list, by its digest; nil for anything else.
    func bytes(_ digest: Digest) -> [UInt8]? { made.withLock { $0[digest] } }
}
