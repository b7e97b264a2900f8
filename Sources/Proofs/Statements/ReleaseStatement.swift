package import ArtifactStore
package import Attestation
package import ContentAddress
import ImageTransport
import OCI
package import Release
import SBOM

/// What a sealed release is, as the release predicate of in-toto says it (docs/predicates/release.md).
///
/// A pure function of the release's files: made again, it has the same bytes.
package struct ReleaseStatement {
    /// The digest of the release's OCI index.
    package let release: Digest
    /// The statement about it and each of its files.
    package let statement: Statement

    package init(_ key: ReleaseKey, _ artifacts: [Artifact]) throws {
        release = try ReleaseDocuments(key, artifacts).index.digest
        let files = artifacts.map { Statement.Subject(name: $0.key.pathByPlatform, digest: $0.digest) }
        statement = Statement(
            subjects: [Statement.Subject(name: "\(key)", digest: release)] + files,
            predicateType: PredicateType.release,
            predicate: .object(["purl": .string("\(PackageURL(releasedAs: key))")])
        )
    }
}
