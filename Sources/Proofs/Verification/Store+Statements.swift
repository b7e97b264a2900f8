package import ArtifactStore
import Attestation
package import ContentAddress
import ImageTransport
import OCI

extension Store {
    /// The signed statements about a digest: those that were made here, and those that came as referrers with their
    /// subject.
    ///
    /// Nothing of them is verified. A referrer that isn't a bundle with a public key's hint is left out.
    package func statements(about subject: Digest) throws -> [StoredAttestation] {
        var statements = try attestations(about: subject)
        var known = Set(statements.map(\.digest))
        for referrer in try referrers(to: subject) where referrer.artifactType == MediaType.sigstoreBundle {
            guard let statement = try? statement(of: referrer), known.insert(statement.digest).inserted else {
                continue
            }
            statements.append(statement)
        }
        return statements
    }

    private func statement(of referrer: StoredReferrer) throws -> StoredAttestation? {
        let document = ImageDocument(
            mediaType: referrer.mediaType,
            bytes: try readBlob(referrer.digest, limit: Int(ImageDocument.largestSize)),
            digest: referrer.digest
        )
        guard let layer = try document.manifest().layers.first else { return nil }
        let bytes = try readBlob(layer.digest, limit: 2 * Envelope.sizeLimit)
        let bundle = try SigstoreBundle(parsing: bytes, what: "the bundle")
        guard let key = Base64.decode(bundle.hint, urlSafe: false) else { return nil }
        return StoredAttestation(
            digest: layer.digest,
            predicateType: bundle.statement.predicateType,
            key: try Digest(bytes: key),
            payload: .of(bundle.statement.bytes),
            subjects: bundle.statement.subjects.compactMap(\.digest),
            bytes: bytes,
            referrer: referrer.digest,
            addedAt: referrer.addedAt,
            addedBy: referrer.addedBy
        )
    }
}
