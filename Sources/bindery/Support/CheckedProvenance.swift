import ArtifactStore
import Attestation
import ContentAddress
import OCI
import SystemIO

/// A builder's own attestation, and what checking it by trusted keys came to.
struct CheckedProvenance {
    let provenance: Provenance
    /// The trusted key that it is verified by; nil when it is unverified.
    let key: TrustedKey?
    /// Why it is unverified; nil when it isn't.
    let problem: String?

    /// Checks it as a statement about the releases of a name.
    init(_ provenance: Provenance, of name: RepositoryName, keys: [TrustedKey], at time: Timestamp) {
        self.provenance = provenance
        let type = provenance.statement.predicateType
        var problem = provenance.hasCertificate ? "its certificate isn't checked" : "no trusted key signed it"
        for key in keys {
            guard let decoded = try? PublicKey(encoded: key.encoded), provenance.isSigned(by: decoded) else { continue }
            do {
                try key.check(signing: type, of: [name], at: time)
                (self.key, self.problem) = (key, nil)
                return
            } catch {
                problem = "\(error)"
            }
        }
        (key, self.problem) = (nil, problem)
    }

    /// The attestations of a file, as they were kept, checked by the keys that the store trusts now.
    static func all(of digest: Digest, _ name: RepositoryName, in store: Store) throws -> [(StoredProvenance, Self)] {
        let stored = try store.provenance(of: digest)
        guard !stored.isEmpty else { return [] }
        let keys = try store.trustedKeys()
        return try stored.map { document in
            let provenance = try Provenance(parsing: document.bytes, what: "the attestation \(document.digest.short)")
            return (document, Self(provenance, of: name, keys: keys, at: StoreOptionGroup.now))
        }
    }

    /// What the store keeps of it.
    var kept: NewProvenance {
        NewProvenance(
            bytes: provenance.bytes,
            predicateType: provenance.statement.predicateType,
            subjects: Set(provenance.statement.subjects.compactMap(\.digest)),
            key: key?.identifier
        )
    }

    /// For people: who vouches for it.
    var words: String { key.map { "verified by \($0.name)" } ?? "unverified: \(problem ?? "")" }
}

/// The files of `--provenance`.
struct ProvenanceFiles {
    private let documents: [Provenance]

    init(_ paths: [String]) throws {
        documents = try paths.flatMap { path in
            try Provenance.all(in: File.open(path).readBytes(limit: Provenance.largestFile + 1), what: path)
        }
    }

    /// The documents for files of a name, checked by the keys that a store trusts.
    func checked(for name: RepositoryName, in store: Store) throws -> [CheckedProvenance] {
        let keys = try store.trustedKeys()
        return documents.map { CheckedProvenance($0, of: name, keys: keys, at: StoreOptionGroup.now) }
    }
}

/// A builder's own attestation in JSON.
struct ProvenanceShape: Encodable {
    let digest: Digest
    let predicateType: String
    let form: String
    let builder: String?
    let subjects: [Digest]
    let verifiedBy: String?
    let problem: String?
    let addedAt: String
    let addedBy: String
    /// Where it was written.
    let path: String?

    init(_ stored: StoredProvenance, _ checked: CheckedProvenance, path: String? = nil) {
        self.path = path
        digest = stored.digest
        predicateType = stored.predicateType
        form = checked.provenance.form.rawValue
        builder = checked.provenance.builder
        subjects = stored.subjects
        verifiedBy = checked.key?.name
        problem = checked.problem
        addedAt = stored.addedAt.rfc3339
        addedBy = stored.addedBy
    }
}
