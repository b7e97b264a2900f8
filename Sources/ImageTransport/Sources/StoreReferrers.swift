import ArtifactStore
import ContentAddress
import OCI
import Synchronization

/// What a store knows to refer to a manifest: its signed statements.
final class StoreReferrers: Sendable {
    private let store: Store
    // Documents that are made of the store's rows, by digest.
    private let made = Mutex<[Digest: [UInt8]]>([:])

    init(_ store: Store) {
        self.store = store
    }

    /// Lists what refers to a manifest.
    func list(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        let statements = try StoreSource.translating("the statements about \(subject.digest.short)") {
            () throws(StoreError) in try store.attestations(about: subject.digest)
        }
        var listed: [Descriptor] = []
        for statement in statements {
            let manifest = try AttestationManifest(statement, subject: subject)
            made.withLock { made in
                made.merge(manifest.blobs) { first, _ in first }
                made[manifest.document.digest] = manifest.document.bytes
            }
            listed.append(try manifest.document.referrerDescriptor())
        }
        return listed
    }

    /// A document that was listed, or a blob of one; nil for anything else.
    func reader(_ descriptor: Descriptor) -> MemoryReader? {
        made.withLock { $0[descriptor.digest] }.map { MemoryReader($0) }
    }
}
