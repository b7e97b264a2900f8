public import ArtifactStore
public import ContentAddress
public import ImageFileSystem

/// A name in the image's effective file system that is no folder.
public struct AuditedFile: Sendable {
    /// Where it is.
    public let path: FilePath
    /// What it is.
    public let kind: Inode.Kind
    /// The content's digest, for a regular file.
    public let digest: Digest?
    /// The content's size in bytes.
    public let size: Int64
    /// Permission bits with set-id and sticky bits.
    public let mode: UInt32
    /// The layer that brought the content, 0 for the lowest.
    public let layer: Int
    /// What a symbolic link leads to.
    public let target: [UInt8]
    /// What it is, by its digest.
    public internal(set) var identity: FileIdentity
    /// All artifacts with its bytes, the one that fits the image first; of a file of the base, too.
    public internal(set) var artifacts: [Artifact]
    /// Whether it starts like an ELF file.
    public let isELF: Bool
    /// Whether it has capabilities (the extended attribute `security.capability`).
    public let hasCapability: Bool

    init(_ path: FilePath, _ inode: Inode, _ identity: FileIdentity, artifacts: [Artifact]) {
        self.path = path
        self.identity = identity
        self.artifacts = artifacts
        kind = inode.kind
        digest = inode.digest
        size = inode.size
        mode = inode.mode
        layer = inode.layer
        target = inode.target
        isELF = inode.isELF
        hasCapability = inode.hasCapability
    }
}
