package import ContentAddress
import GRDB

extension Store {
    /// What came into the store that refers to a manifest; its own signed statements aside.
    package func referrers(to subject: Digest) throws(StoreError) -> [StoredReferrer] {
        try index.read { try ReferrerRows.list(to: subject, in: $0) }
    }

    /// What refers to some manifest and reaches a blob, or is it; what was pushed to a repository is that repository's, and left out.
    package func referrers(reaching digest: Digest) throws(StoreError) -> [StoredReferrer] {
        try index.read { try ReferrerRows.list(reaching: digest, in: $0) }
    }
}
