import ContentAddress
import OCI
import SystemIO

// Sync, link and sync the directory, of the write order (docs/store-format.md), for whoever has no publication of blobs beside it.
extension Store {
    /// Makes staged blobs visible; at return their content and names are on stable storage.
    ///
    /// Those in `named` have rows: their files were synced before these were written.
    func makeVisible(_ blobs: [StagedBlob], named: Set<Digest>) throws(StoreError) {
        guard !blobs.isEmpty else { return }
        if options.durable {
            for blob in blobs where !named.contains(blob.digest) {
                try system { () throws(SystemError) in try blob.staged.file.sync() }
            }
        }
        let publisher = try publisher(for: blobs.map(\.digest), at: now)
        let buffer = ReadBuffer()
        var outcomes: [(digest: Digest, outcome: BlobPublisher.Outcome)] = []
        for blob in blobs {
            let isSynced = !named.contains(blob.digest)
            outcomes.append((blob.digest, try publisher.publish(blob, isSynced: isSynced, buffer: buffer)))
        }
        if options.durable { try system { () throws(SystemError) in try Directory.sync(paths.blobs) } }
        note(outcomes)
    }

    /// Throws ``StoreError/damaged(digest:path:reason:)`` for the first of some blobs that isn't whole in the store.
    func checkWhole(_ digests: Set<Digest>) throws(StoreError) {
        let faults = try examine(try sizes(of: digests)).faults
        guard let first = faults.min(by: { $0.key < $1.key }) else { return }
        throw damaged(first.key, first.value)
    }

    /// What gives some blobs their names.
    func publisher(for digests: [Digest], at time: Timestamp) throws(StoreError) -> BlobPublisher {
        BlobPublisher(paths: paths, durable: options.durable, now: time, known: try knownFiles(digests, at: time))
    }

    /// Tells what was replaced, and notes what was hashed.
    func note(_ outcomes: [(digest: Digest, outcome: BlobPublisher.Outcome)]) {
        var hashed: [(digest: Digest, status: FileStatus)] = []
        for (digest, outcome) in outcomes {
            switch outcome {
            case .new, .present(hashed: nil): break
            case .present(let status?): hashed.append((digest, status))
            case .replaced(let quarantine, let reason):
                options.replaced(Replacement(digest: digest, reason: reason, quarantine: quarantine))
            }
        }
        // Only a shortcut for the next time: a store that can't take the note is none the worse.
        try? noteUnchanged(hashed)
    }

    /// The sizes of blobs, as the index has them.
    func sizes(of digests: some Collection<Digest>) throws(StoreError) -> [Digest: Int64?] {
        try index.read { db in
            var sizes: [Digest: Int64?] = [:]
            for digest in digests { sizes.updateValue(try BlobRows.size(of: digest, in: db), forKey: digest) }
            return sizes
        }
    }
}
