package import ContentAddress
import GRDB

extension Store {
    /// What came into the store that refers to a manifest; its own signed statements aside.
    package func referrers(to subject: Digest) throws(StoreError) -> [StoredReferrer] {
        try index.read { try ReferrerRows.list(to: subject, in: $0) }
    }
}
