import ArtifactStore
import Attestation
import ContentAddress
import OCI
import Proofs

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
