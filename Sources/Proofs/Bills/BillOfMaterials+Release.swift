package import ArtifactStore
package import ContentAddress
import OCI
package import Release
package import SBOM

extension BillOfMaterials {
    /// The bill of a release, with the files of all its platforms or of one.
    package init(
        _ release: ReleaseKey,
        _ artifacts: [Artifact],
        digest: Digest,
        in store: Store,
        settings: BillSettings
    ) {
        self.init(
            toolVersion: settings.toolVersion,
            created: settings.epoch,
            subject: Subject(
                kind: .release,
                name: release.name.text,
                version: release.version.text,
                digest: digest,
                purl: PackageURL(releasedAs: release)
            ),
            components: artifacts.map { Component($0, in: store) },
            isComplete: settings.isComplete
        )
    }
}
