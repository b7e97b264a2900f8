package import ArtifactStore
package import Attestation
import ContentAddress

extension NewAttestation {
    /// A statement, signed: the signature is verified before it counts.
    package init(signing statement: Statement, by signer: any Signing, what: String) throws {
        let bundle = try SigstoreBundle(signing: statement, by: signer)
        let bytes = bundle.bytes
        try SigstoreBundle(parsing: bytes, what: what).verify(by: signer.publicKey, what: what)
        self.init(
            bytes: bytes,
            predicateType: statement.predicateType,
            key: signer.publicKey.identifier,
            payload: Digest.of(statement.bytes),
            subjects: statement.subjects.compactMap(\.digest)
        )
    }
}
