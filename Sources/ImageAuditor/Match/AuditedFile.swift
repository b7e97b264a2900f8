package import ArtifactStore
package import ContentAddress
package import ImageFileSystem
import Printable

/// A name in the image's effective file system.
package struct AuditedFile: Sendable {
    /// Where it is.
    package let path: FilePath
    /// What it is.
    package let kind: Inode.Kind
    /// The content's digest, for a regular file.
    package let digest: Digest?
    /// The content's size in bytes.
    package let size: Int64
    /// Permission bits with set-id and sticky bits.
    package let mode: UInt32
    /// The owner's and the group's number.
    package let uid: Int64
    package let gid: Int64
    /// Extended attributes by name.
    package let extendedAttributes: [[UInt8]: [UInt8]]
    /// The layer that brought the content, 0 for the lowest.
    package let layer: Int
    /// What a symbolic link leads to.
    package let target: [UInt8]
    /// What it is, by its digest.
    package internal(set) var identity: FileIdentity
    /// All artifacts with its bytes, the one that fits the image first; of a file of the base, too.
    package internal(set) var artifacts: [Artifact]
    /// Whether it starts like an ELF file.
    package let isELF: Bool
    /// Whether it has capabilities (the extended attribute `security.capability`).
    package let hasCapability: Bool

    init(_ path: FilePath, _ inode: Inode, _ identity: FileIdentity, artifacts: [Artifact]) {
        self.path = path
        self.identity = identity
        self.artifacts = artifacts
        kind = inode.kind
        digest = inode.digest
        size = inode.size
        mode = inode.mode
        uid = inode.uid
        gid = inode.gid
        extendedAttributes = inode.extendedAttributes
        layer = inode.layer
        target = inode.target
        isELF = inode.isELF
        hasCapability = inode.hasCapability
    }

    /// The permission bits in reports: octal, four digits at least.
    var octalMode: String { FileMode.text(mode) }
}
