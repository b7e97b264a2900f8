package import ArtifactStore
import Attestation
package import OCI
import SystemIO

/// The files of `--provenance`.
package struct ProvenanceFiles {
    private let documents: [Provenance]

    package init(_ paths: [String]) throws {
        documents = try paths.flatMap { path in
            try Provenance.all(in: File.open(path).readBytes(limit: Provenance.largestFile + 1), what: path)
        }
    }

    /// The documents for files of a name, checked by the keys that a store trusts.
    package func checked(for name: RepositoryName, in store: Store) throws -> [CheckedProvenance] {
        let keys = try store.trustedKeys()
        return documents.map { CheckedProvenance($0, of: name, keys: keys, at: store.now) }
    }
}
