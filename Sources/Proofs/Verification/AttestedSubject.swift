package import ArtifactStore
import Attestation
package import ContentAddress
package import OCI
package import Release

/// A release or an image, as statements speak of it.
package struct AttestedSubject {
    package let name: RepositoryName
    package let digest: Digest
    /// What the release's own statement says now; nil for images, and for a release that isn't sealed.
    let releaseStatement: Statement?
    package let title: String
    let isImage: Bool
    /// The digests of the release's files; none for images.
    package let files: [Digest]

    package init(_ what: ReleaseOrImage, in store: Store) throws {
        switch what {
        case .release(let release):
            let artifacts = try store.artifacts(of: release)
            guard !artifacts.isEmpty else { throw store.nothing(of: release) }
            guard let seal = try store.seal(of: release) else { throw ProofError.notSealed(release) }
            let now = try ReleaseStatement(release, artifacts)
            (name, title, digest, isImage) = (release.name, "\(release)", seal.digest, false)
            releaseStatement = now.release == seal.digest ? now.statement : nil
            files = artifacts.map(\.digest)
        case .image(let reference):
            (name, title, isImage) = (reference.repository, "\(reference)", true)
            digest = try store.existingImage(reference).digest
            releaseStatement = nil
            files = []
        }
    }
}
