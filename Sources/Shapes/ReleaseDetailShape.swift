package import ArtifactStore
import OCI
package import Release

/// A release in JSON, with what was removed of it.
package struct ReleaseDetailShape: Encodable {
    let name: String
    let version: String
    let artifacts: [ArtifactShape]
    let removed: [TombstoneShape]
    let revocations: [RevocationShape]

    package init(_ release: ReleaseKey, artifacts: [Artifact], tombstones: [Tombstone], revocations: [Revocation]) {
        name = release.name.text
        version = release.version.text
        self.artifacts = artifacts.map(ArtifactShape.init)
        removed = tombstones.map(TombstoneShape.init)
        self.revocations = revocations.map(RevocationShape.init)
    }
}
