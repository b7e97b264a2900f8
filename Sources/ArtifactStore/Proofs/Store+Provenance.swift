package import ContentAddress
import GRDB

extension Store {
    /// The builders' own attestations about a file's bytes, in the order in which they came.
    package func provenance(of digest: Digest) throws(StoreError) -> [StoredProvenance] {
        try index.read { try ProvenanceRows.list(about: digest, in: $0) }
    }
}
