package import ArtifactStore
import OCI
import Release

/// A release in JSON.
package struct ReleaseShape: Encodable {
    let name: String
    let version: String
    let size: Int64
    let putAt: String
    let artifacts: [ArtifactShape]
    let revocation: RevocationShape?

    package init(_ release: Release, _ mark: Revocation?) {
        name = release.key.name.text
        version = release.key.version.text
        size = release.size
        putAt = release.putAt.rfc3339
        artifacts = release.artifacts.map(ArtifactShape.init)
        revocation = mark.map(RevocationShape.init)
    }
}
