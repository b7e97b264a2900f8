import ArtifactStore
import Attestation
import ContentAddress
import ImageTransport
import OCI
import Release
import SBOM

/// What a sealed release is, as the release predicate of in-toto says it (docs/predicates/release.md).
///
/// A pure function of the release's files: made again, it has the same bytes.
struct ReleaseStatement {
    /// The digest of the release's OCI index.
    let release: Digest
    /// The statement about it and each of its files.
    let statement: Statement

    init(_ key: ReleaseKey, _ artifacts: [Artifact]) throws {
        release = try ReleaseDocuments(key, artifacts).index.digest
        let files = artifacts.map { Statement.Subject(name: $0.key.pathByPlatform, digest: $0.digest) }
        statement = Statement(
            subjects: [Statement.Subject(name: "\(key)", digest: release)] + files,
            predicateType: PredicateType.release,
            predicate: .object(["purl": .string("\(PackageURL(releasedAs: key))")])
        )
    }
}

/// The predicates that commands know, and whose key signs them.
enum PredicateType {
    static let release = "https://in-toto.io/attestation/release/v0.1"
    static let provenance = "https://slsa.dev/provenance/v1"
    static let earlierProvenance = "https://slsa.dev/provenance/v0.2"
    static let spdx = "https://spdx.dev/Document"
    static let verification = "https://slsa.dev/verification_summary/v1"
    static let containment = "https://bindery.dev/predicates/containment/v1"
    /// The `buildType` of our provenance.
    static let buildType = "https://bindery.dev/build/v1"

    /// Whether it says how something was built.
    static func isProvenance(_ type: String) -> Bool { type == provenance || type == earlierProvenance }

    /// The role of the key that signs a predicate: the release's for all that no other role has.
    static func role(of type: String) -> KeyRole {
        switch type {
        case provenance, earlierProvenance, containment: .builder
        case verification: .audit
        default: .release
        }
    }
}

extension NewAttestation {
    /// A statement, signed: the signature is verified before it counts.
    init(signing statement: Statement, by signer: any Signing, what: String) throws {
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
