public import ContentAddress
public import OCI

/// One file of a release, as the index holds it.
public struct Artifact: Hashable, Sendable {
    /// Its key.
    public let key: ArtifactKey
    /// The digest of its bytes.
    public let digest: Digest
    /// Its size in bytes.
    public let size: Int64
    /// The name of the file it was put from: one path component.
    public let fileName: String
    /// Its permission bits, `0o755` for a program.
    public let mode: UInt16
    /// When it was put.
    public let putAt: Timestamp
    /// Who put it.
    public let putBy: String
    /// What was said of it at put.
    public let annotations: [String: String]

    /// An artifact from its parts.
    public init(
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
