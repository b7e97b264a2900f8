package import ArtifactStore
package import Attestation

extension Signing {
    /// Throws ``ProofError/otherRole(key:has:wanted:)`` where the store trusts the key in another role than it is to sign in.
    ///
    /// A key in a KMS or an HSM, and one that another program made, has no line that says what it is for.
    package func checkRole(_ role: KeyRole, in store: Store) throws {
        let identifier = publicKey.identifier
        for key in try store.trustedKeys() where key.identifier == identifier {
            guard let own = KeyRole(rawValue: key.role), own != role else { continue }
            throw ProofError.otherRole(key: "the trusted key \(key.name)", has: own, wanted: role)
        }
    }
}
