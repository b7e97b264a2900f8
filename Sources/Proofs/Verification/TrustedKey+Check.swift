import ArtifactStore
import Attestation
package import OCI
import Printable

extension TrustedKey {
    /// Throws unless its statement of a type about these names counts.
    ///
    /// `logged` is asked, where it matters, when a verified log has the statement: whether the key was valid is judged by then;
    /// without a log, by now.
    package func check(
        signing type: String,
        of names: [RepositoryName],
        at now: Timestamp,
        logged: () throws -> Timestamp? = { nil }
    ) throws {
        let role = PredicateType.role(of: type)
        guard self.role == role.rawValue else {
            throw StatementProblem("'\(name)' is a key of the role \(self.role), and \(role.rawValue) signs this")
        }
        try check(names, at: now, logged: logged)
    }

    /// The same, whatever it signs.
    func check(_ names: [RepositoryName], at now: Timestamp, logged: () throws -> Timestamp? = { nil }) throws {
        if let other = names.first(where: { !covers($0) }) {
            throw StatementProblem("'\(name)' doesn't speak of \(other.text)")
        }
        // Whenever it signed, it was valid.
        if revocation == nil, validFrom == nil, isValid(at: now) { return }
        let leaf = try logged()
        let time = min(leaf ?? now, now)
        let place: Message =
            leaf.map { "the log has this since \($0.rfc3339)" } ?? "no log says that this was signed before"
        if let revocation, leaf == nil || revocation.at <= time {
            throw StatementProblem(
                "'\(name)' was revoked on \(revocation.at.rfc3339): \(revocation.reason); " + place
            )
        }
        guard !isValid(at: time) else { return }
        guard leaf != nil else { throw StatementProblem("'\(name)' is not valid at this time") }
        throw StatementProblem("'\(name)' was not valid then: " + place)
    }
}
