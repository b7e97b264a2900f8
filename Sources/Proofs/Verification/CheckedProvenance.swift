package import ArtifactStore
package import Attestation
package import ContentAddress
package import OCI
import SystemIO

/// A builder's own attestation, and what checking it by trusted keys came to.
package struct CheckedProvenance {
    package let provenance: Provenance
    /// The trusted key that it is verified by; nil when it is unverified.
    package let key: TrustedKey?
    /// Why it is unverified; nil when it isn't.
    package let problem: String?

    /// Checks it as a statement about the releases of a name; `logged` is asked when a verified log has it.
    package init(
        _ provenance: Provenance,
        of name: RepositoryName,
        keys: [TrustedKey],
        at time: Timestamp,
        logged: () throws -> Timestamp? = { nil }
    ) {
        self.provenance = provenance
        let type = provenance.statement.predicateType
        var problem = provenance.hasCertificate ? "its certificate isn't checked" : "no trusted key signed it"
        for key in keys {
            guard let decoded = try? PublicKey(encoded: key.encoded), provenance.isSigned(by: decoded) else { continue }
            do {
                try key.check(signing: type, of: [name], at: time, logged: logged)
                (self.key, self.problem) = (key, nil)
                return
            } catch {
                problem = "\(error)"
            }
        }
        (key, self.problem) = (nil, problem)
    }

    /// The attestations of a file, as they were kept, checked by the keys that the store trusts now.
    package static func all(
        of digest: Digest,
        _ name: RepositoryName,
        in store: Store
    ) throws -> [(StoredProvenance, Self)] {
        let stored = try store.provenance(of: digest)
        guard !stored.isEmpty else { return [] }
        let keys = try store.trustedKeys()
        return try stored.map { document in
            let provenance = try Provenance(parsing: document.bytes, what: "the attestation \(document.digest.short)")
            let checked = Self(provenance, of: name, keys: keys, at: store.now) {
                try store.loggedTime(of: document.digest)
            }
            return (document, checked)
        }
    }

    /// What the store keeps of it.
    package var kept: NewProvenance {
        NewProvenance(
            bytes: provenance.bytes,
            predicateType: provenance.statement.predicateType,
            subjects: Set(provenance.statement.subjects.compactMap(\.digest)),
            key: key?.identifier
        )
    }

    /// For people: who vouches for it.
    package var words: String { key.map { "verified by \($0.name)" } ?? "unverified: \(problem ?? "")" }
}
