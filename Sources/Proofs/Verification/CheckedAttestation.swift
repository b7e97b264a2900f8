package import ArtifactStore
import Attestation
import ContentAddress
package import ImageAuditor
package import OCI
import Printable

/// A kept statement, and what checking it came to.
package struct CheckedAttestation {
    package let attestation: StoredAttestation
    /// The name of the trusted key that it was verified by; nil when it doesn't count.
    package let verifiedBy: String?
    /// Why it doesn't count; nil when it does.
    package let problem: String?

    /// `logged` is asked when a verified log has it, where that matters; `audit` is asked for once a statement of an image counts by its signature, and claims something of the bytes.
    package init(
        _ attestation: StoredAttestation,
        about subject: AttestedSubject,
        keys: [TrustedKey],
        at time: Timestamp,
        logged: (StoredAttestation) throws -> Timestamp?,
        audit: () throws -> ImageAudit
    ) {
        self.attestation = attestation
        do {
            verifiedBy = try Self.verify(attestation, about: subject, keys: keys, at: time, logged, audit)
            problem = nil
        } catch {
            verifiedBy = nil
            problem = "\(error)"
        }
    }

    private static func verify(
        _ attestation: StoredAttestation,
        about subject: AttestedSubject,
        keys: [TrustedKey],
        at time: Timestamp,
        _ logged: (StoredAttestation) throws -> Timestamp?,
        _ audit: () throws -> ImageAudit
    ) throws -> String {
        let bundle = try SigstoreBundle(parsing: attestation.bytes, what: "the bundle")
        guard let key = keys.first(where: { $0.identifier == attestation.key }) else {
            throw StatementProblem("the key \(attestation.key.short) is not trusted")
        }
        try bundle.verify(by: PublicKey(encoded: key.encoded), what: "the bundle")
        try key.check(signing: bundle.statement.predicateType, of: [subject.name], at: time) {
            try logged(attestation)
        }
        guard bundle.statement.isAbout(subject.digest) else { throw StatementProblem("it is about something else") }
        guard bundle.statement.predicateType != PredicateType.release || bundle.statement == subject.releaseStatement
        else { throw StatementProblem("it says something else than the release is") }
        if subject.isImage {
            switch bundle.statement.predicateType {
            case PredicateType.containment: try Containment.check(bundle.statement, against: audit())
            case PredicateType.verification: try VerificationSummary.check(bundle.statement, against: audit())
            default: break
            }
        }
        return key.name
    }
}
