import ArtifactStore
import Attestation
import ContentAddress
import ImageAuditor
import OCI
import Printable
import Release

/// A release or an image, as statements speak of it.
struct AttestedSubject {
    let name: RepositoryName
    let digest: Digest
    /// What the release's own statement says now; nil for images, and for a release that isn't sealed.
    let releaseStatement: Statement?
    let title: String
    let isImage: Bool
    /// The digests of the release's files; none for images.
    let files: [Digest]

    init(_ what: ReleaseOrImage, in store: Store) throws {
        switch what {
        case .release(let release):
            let artifacts = try store.artifacts(of: release)
            guard !artifacts.isEmpty else { throw store.nothing(of: release) }
            guard let seal = try store.seal(of: release) else { throw NotSealed(release: release) }
            let now = try ReleaseStatement(release, artifacts)
            (name, title, digest, isImage) = (release.name, "\(release)", seal.digest, false)
            releaseStatement = now.release == seal.digest ? now.statement : nil
            files = artifacts.map(\.digest)
        case .image(let reference):
            (name, title, isImage) = (reference.repository, "\(reference)", true)
            digest = try store.existingImage(reference).digest
            releaseStatement = nil
            files = []
        }
    }

    struct NotSealed: FailureWithStatus, CustomStringConvertible {
        let release: ReleaseKey
        var description: String {
            """
            \(release) is not sealed: a set that still grows has no digest to speak of
            `bindery seal \(release)` completes it.
            """
        }
        var exitStatus: ExitStatus { .conflict }
    }
}

/// A kept statement, and what checking it came to.
struct CheckedAttestation {
    let attestation: StoredAttestation
    /// The name of the trusted key that it was verified by; nil when it doesn't count.
    let verifiedBy: String?
    /// Why it doesn't count; nil when it does.
    let problem: String?

    /// `audit` is asked for once a statement of an image counts by its signature, and claims something of the bytes.
    init(
        _ attestation: StoredAttestation,
        about subject: AttestedSubject,
        keys: [TrustedKey],
        at time: Timestamp,
        audit: () throws -> ImageAudit
    ) {
        self.attestation = attestation
        do {
            verifiedBy = try Self.verify(attestation, about: subject, keys: keys, at: time, audit)
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
        _ audit: () throws -> ImageAudit
    ) throws -> String {
        let bundle = try SigstoreBundle(parsing: attestation.bytes, what: "the bundle")
        guard let key = keys.first(where: { $0.identifier == attestation.key }) else {
            throw StatementProblem("the key \(attestation.key.short) is not trusted")
        }
        try bundle.verify(by: PublicKey(encoded: key.encoded), what: "the bundle")
        try key.check(signing: bundle.statement.predicateType, of: [subject.name], at: time)
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

extension TrustedKey {
    /// Throws unless its statements of a type about these names count now.
    func check(signing type: String, of names: [RepositoryName], at time: Timestamp) throws {
        let role = PredicateType.role(of: type)
        guard self.role == role.rawValue else {
            throw StatementProblem("'\(name)' is a key of the role \(self.role), and \(role.rawValue) signs this")
        }
        if let other = names.first(where: { !covers($0) }) {
            throw StatementProblem("'\(name)' doesn't speak of \(other.text)")
        }
        if let revocation {
            throw StatementProblem("'\(name)' was revoked on \(revocation.at.rfc3339): \(revocation.reason)")
        }
        guard isValid(at: time) else { throw StatementProblem("'\(name)' is not valid at this time") }
    }
}
