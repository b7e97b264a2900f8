import ArtifactStore
import ContentAddress
import OCI
import Synchronization
import SystemIO

/// Opens blobs of the store whose bytes are known to be those of their digest.
final class BlobOpener: Sendable {
    private struct Known {
        let status: FileStatus
        let since: Timestamp
    }

    let store: Store
    /// What was hashed here: a store that can only be read takes no note of it.
    private let known = Mutex<[Digest: Known]>([:])

    /// In milliseconds, as for the store's own notes: what goes past the file system isn't noticed.
    private static let trust: Int64 = 86_400_000
    private static let most = 100_000

    init(_ store: Store) { self.store = store }

    /// A blob's bytes, compared with its digest; for small ones.
    func bytes(_ digest: Digest, size: Int64) throws(StoreError) -> [UInt8] {
        try store.readBlob(digest, limit: Int(clamping: size))
    }

    /// An open file, hashed unless it was within a day and hasn't changed since.
    ///
    /// Throws ``StoreError/damaged(digest:path:reason:)`` where it has other bytes.
    func open(_ digest: Digest, size: Int64) throws -> BlobFile {
        let file = try store.openBlob(digest)
        let status = try file.status()
        guard status.size == size else {
            throw damaged(digest, "it has \(status.size) bytes, not \(size)")
        }
        if try isKnown(digest, status) { return BlobFile(file) }
        let found = try file.digest()
        guard found == digest, try file.status() == status else {
            throw damaged(digest, "its bytes are those of \(found), or change while they are read")
        }
        note(digest, status)
        return BlobFile(file)
    }

    /// Whether something stands under a blob's name.
    func isThere(_ digest: Digest) throws(StoreError) -> Bool {
        do throws(StoreError) {
            _ = try store.openBlob(digest)
            return true
        } catch {
            guard case .notFound = error else { throw error }
            return false
        }
    }

    private func isKnown(_ digest: Digest, _ status: FileStatus) throws(StoreError) -> Bool {
        let now = store.now.milliseconds
        if let known = known.withLock({ $0[digest] }), known.status == status,
            (0..<Self.trust).contains(now &- known.since.milliseconds)
        {
            return true
        }
        return try store.isUnchanged(digest, status)
    }

    private func note(_ digest: Digest, _ status: FileStatus) {
        guard store.isSettled(status) else { return }
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[digest] = Known(status: status, since: store.now)
        }
        // Only a shortcut for the next start: a store that can't record it loses nothing.
        try? store.noteUnchanged([(digest, status)])
    }

    private func damaged(_ digest: Digest, _ reason: String) -> StoreError {
        .damaged(digest: digest, path: store.paths.blob(digest), reason: reason)
    }
}
