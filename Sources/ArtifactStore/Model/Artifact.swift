package import ContentAddress
package import OCI
package import Release

/// One file of a release, as the index holds it.
package struct Artifact: Hashable, Sendable {
    package let key: ArtifactKey
    /// The digest of its bytes.
    package let digest: Digest
    /// Its size in bytes.
    package let size: Int64
    /// The name of the file it was put from: one path component.
    package let fileName: String
    /// Its permission bits, `0o755` for a program.
    package let mode: UInt16
    /// When it was put.
    package let putAt: Timestamp
    /// Who put it.
    package let putBy: String
    /// What was said of it at put.
    package let annotations: [String: String]

    /// An artifact from its parts.
    package init(
        key: ArtifactKey,
        digest: Digest,
        size: Int64,
        fileName: String,
        mode: UInt16,
        putAt: Timestamp,
        putBy: String,
        annotations: [String: String] = [:]
    ) {
        self.key = key
        self.digest = digest
        self.size = size
        self.fileName = fileName
        self.mode = mode
        self.putAt = putAt
        self.putBy = putBy
        self.annotations = annotations
    }
}
