package import ArtifactStore
package import Attestation
import ContentAddress
import JSON
package import OCI
import Printable
import Release

/// The signed form of a mark (docs/predicates/revocation.md).
///
/// It is a plain envelope and never a bundle: a verifier that is given a key alone takes any bundle about a digest for
/// a good word.
package struct RevocationStatement {
    /// The predicate type.
    package static let type = "https://bindery.dev/predicates/revocation/v1"

    let statement: Statement

    package init(_ revocation: Revocation, in store: Store) throws {
        var predicate: [String: JSONValue] = [
            "level": .string(revocation.level.rawValue), "reason": .string(revocation.reason),
            "revokedAt": .string(revocation.revokedAt.rfc3339), "subject": .string("\(revocation.subject)"),
        ]
        if let advisory = revocation.advisory { predicate["advisory"] = .string(advisory) }
        statement = Statement(
            subjects: try Self.subjects(revocation.subject, in: store),
            predicateType: Self.type,
            predicate: .object(predicate)
        )
    }

    /// What a mark's statement says; `what` names it.
    package static func read(
        _ statement: Statement,
        what: String
    ) throws -> (
        subject: Revocation.Subject, level: Revocation.Level, reason: String, advisory: String?, time: Timestamp
    ) {
        guard statement.predicateType == type, let predicate = statement.predicate else {
            throw StatementProblem("\(what) is not a revocation: its predicateType is \(statement.predicateType)")
        }
        guard let level = predicate["level"]?.string.flatMap(Revocation.Level.init) else {
            throw StatementProblem(
                "\(what) is not a revocation: its level is \(predicate["level"]?.string ?? "missing")"
            )
        }
        guard let text = predicate["subject"]?.string else {
            throw StatementProblem("\(what) is not a revocation: it has no subject in its predicate")
        }
        guard let reason = predicate["reason"]?.string, reason.utf8.count <= largestReason else {
            throw StatementProblem("\(what) is not a revocation: it has no reason of up to \(largestReason) bytes")
        }
        let advisory = predicate["advisory"]?.string
        guard advisory?.utf8.count ?? 0 <= largestReason else { throw StatementProblem("\(what) has a long advisory") }
        guard let time = predicate["revokedAt"]?.string.flatMap(Timestamp.init(rfc3339:)) else {
            throw StatementProblem("\(what) is not a revocation: it has no time 'revokedAt'")
        }
        let subject: Revocation.Subject
        if let digest = try? Digest(parsing: text) {
            subject = .bytes(digest)
        } else if let release = try? ReleaseKey(parsing: text) {
            subject = .release(release)
        } else {
            throw StatementProblem("\(what) is on neither a release nor a digest")
        }
        return (subject, level, reason, advisory, time)
    }

    /// The most bytes of a reason and of an advisory.
    package static let largestReason = 4096

    // A release by its files, removed ones too, and by its own digest where it is sealed.
    private static func subjects(_ subject: Revocation.Subject, in store: Store) throws -> [Statement.Subject] {
        switch subject {
        case .bytes(let digest): return [Statement.Subject(name: nil, digest: digest)]
        case .release(let release):
            let seal = try store.seal(of: release).map { Statement.Subject(name: "\(release)", digest: $0.digest) }
            let files = try store.artifacts(of: release).map { ($0.key, $0.digest) }
            let removed = try store.withdrawn(release).map { ($0.key, $0.digest) }
            let subjects = (files + removed).map { Statement.Subject(name: $0.pathByPlatform, digest: $1) }
            guard !subjects.isEmpty else { throw store.nothing(of: release) }
            return (seal.map { [$0] } ?? []) + subjects
        }
    }

    /// The statement in an envelope, whose signature was verified.
    package func signed(by signer: any Signing) throws -> Revocation.Proof {
        let envelope = try statement.signed(by: signer)
        let key = signer.publicKey
        guard envelope.isSigned(by: key) else {
            throw AttestationError.unverified(what: "the revocation", key: key.identifier.short)
        }
        return Revocation.Proof(key: key.identifier, bytes: CanonicalJSON.encode(envelope.json))
    }
}
