import ArtifactStore
import ContentAddress
import ImageTransport
import Synchronization

/// Manifests and indexes that were read lately: their bytes were compared with their digest once.
final class DocumentCache: Sendable {
    private struct State {
        var documents: [Digest: [UInt8]] = [:]
        var size = 0
    }

    private let state = Mutex(State())

    /// In bytes, of all documents together.
    private static let largestSize = 32 << 20

    /// A document of the store.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` where it isn't there, and
    /// ``StoreError/damaged(digest:path:reason:)``.
    func document(_ digest: Digest, _ mediaType: String, in store: Store) throws(StoreError) -> ImageDocument {
        if let bytes = state.withLock({ $0.documents[digest] }) {
            return ImageDocument(mediaType: mediaType, bytes: bytes, digest: digest)
        }
        let bytes = try store.readBlob(digest, limit: Int(ImageDocument.largestSize))
        state.withLock { state in
            if state.size + bytes.count > Self.largestSize { state = State() }
            if state.documents.updateValue(bytes, forKey: digest) == nil { state.size += bytes.count }
        }
        return ImageDocument(mediaType: mediaType, bytes: bytes, digest: digest)
    }
}
