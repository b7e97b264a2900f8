package import ArtifactStore
package import ContentAddress
import OCI
import Printable
import Release

// The JSON forms of docs/cli.md and of the REST API. They are promises: members are added, never renamed.

/// An artifact in JSON.
package struct ArtifactShape: Encodable {
    let name: String
    let version: String
    let platform: String
    let file: String
    package let digest: Digest
    let size: Int64
    let fileName: String
    let mode: String
    let putAt: String
    let putBy: String
    let annotations: [String: String]

    package init(_ artifact: Artifact) {
        name = artifact.key.name.text
        version = artifact.key.version.text
        platform = artifact.key.platform.description
        file = artifact.key.file.text
        digest = artifact.digest
        size = artifact.size
        fileName = artifact.fileName
        mode = FileMode.text(artifact.mode)
        putAt = artifact.putAt.rfc3339
        putBy = artifact.putBy
        annotations = artifact.annotations
    }
}
