import ContentAddress
import SystemIO

extension Store {
    /// Throws ``StoreError/damaged(digest:path:reason:)`` for the first of some blobs that isn't whole in the store.
    func checkWhole(_ digests: Set<Digest>) throws(StoreError) {
        let faults = try examine(try sizes(of: digests)).faults
        guard let first = faults.min(by: { $0.key < $1.key }) else { return }
        throw damaged(first.key, first.value)
    }

    /// Tells what was replaced, and records what was hashed.
    func note(_ outcomes: [(digest: Digest, outcome: BlobOutcome)]) {
        var hashed: [(digest: Digest, status: FileStatus)] = []
        for (digest, outcome) in outcomes {
            switch outcome {
            case .new, .present(hashed: nil), .needsLock: break
            case .present(let status?): hashed.append((digest, status))
            case .replaced(let quarantine, let reason):
                options.replaced(Replacement(digest: digest, reason: reason, quarantine: quarantine))
            }
        }
        // Only a shortcut for the next time: a store that can't record it loses nothing.
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
