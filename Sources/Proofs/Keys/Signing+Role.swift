package import ArtifactStore
package import Attestation
package import OCI
package import Printable

extension Signing {
    /// Throws ``ProofError/otherRole(key:has:wanted:)`` where the store trusts the key in another role than it is to sign in.
    ///
    /// A key in a KMS or an HSM, and one that another program made, has no line that says what it is for. `warn` is told where
    /// the store knows the key and what it signs about these names counts for nothing there.
    package func checkRole(
        _ role: KeyRole,
        of names: [RepositoryName] = [],
        in store: Store,
        warn: (Message) -> Void
    ) throws {
        let identifier = publicKey.identifier
        for key in try store.trustedKeys() where key.identifier == identifier {
            if let own = KeyRole(rawValue: key.role), own != role {
                throw ProofError.otherRole(key: "the trusted key \(key.name)", has: own, wanted: role)
            }
            do {
                try key.check(names, at: store.now)
            } catch {
                warn("what is signed now counts for nothing in this store: \("\(error)")")
            }
        }
    }
}
