package import ArtifactStore
import ContentAddress
import OCI
import Release

/// An archive that was packed from a release, in JSON.
package struct PackedArchiveShape: Encodable {
    let name: String
    let version: String
    let platform: String
    let fileName: String
    let digest: Digest
    let recipe: String

    package init(_ archive: PackedArchive) {
        name = archive.release.name.text
        version = archive.release.version.text
        platform = "\(archive.platform)"
        fileName = archive.fileName
        digest = archive.digest
        recipe = archive.recipe
    }
}
