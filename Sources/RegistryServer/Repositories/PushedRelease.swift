import ArtifactStore
import ContentAddress
import ImageTransport
import OCI

/// A release whose index is pushed: its manifests and files came to the repository before it.
struct PushedRelease: ImageSource {
    /// Who pushes it where, for the events.
    let name: String
    let index: ImageDocument
    let repository: ReleaseRepository

    func root() -> ImageDocument { index }

    func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        if descriptor.digest == ReleaseDocuments.config.digest { return MemoryReader(ReleaseDocuments.config.bytes) }
        let (document, blob): (ImageDocument?, ServedBlob?)
        do {
            document = try repository.manifest(descriptor.digest)
            blob = document == nil ? try repository.blob(descriptor.digest) : nil
        } catch {
            throw .store("\(error)")
        }
        if let document { return MemoryReader(document.bytes) }
        // What only another repository has isn't given.
        switch blob {
        case .made(let bytes): return MemoryReader(bytes)
        case .stored: return try StoreBlobs(store: repository.store).open(descriptor)
        case nil: throw .notFound(what: "blob \(descriptor.digest)", place: repository.name.text)
        }
    }

    /// What was pushed before it and refers to it, such as its signatures.
    func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        do {
            return try repository.store
                .pushedReferrers(
                    to: "\(subject.digest)",
                    in: repository.name.text,
                    limit: ImageReferrers.largestCount
                )
                .compactMap { try repository.manifest($0.digest)?.referrerDescriptor() }
        } catch {
            throw .store("\(error)")
        }
    }
}
