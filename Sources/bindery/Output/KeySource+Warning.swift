import Attestation
import Printable
import Proofs

extension KeySource {
    /// The private key in it; warns of a file that others may read, and throws for a key of another role.
    func guardedPrivateKey(passphrase: [UInt8]?, for role: KeyRole? = nil) throws -> PrivateKey {
        let key = try privateKey(passphrase: passphrase, for: role)
        if isOpenToOthers {
            Output.warning("\(description) is a private key that others may read: chmod 600 closes it")
        }
        return key
    }
}
