package import ArtifactStore
import Attestation
package import OCI
import Printable

extension TrustedKey {
    /// Throws unless its statements of a type about these names count now.
    package func check(signing type: String, of names: [RepositoryName], at time: Timestamp) throws {
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
