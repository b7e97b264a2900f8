package import ContentAddress

/// One file of a context: an artifact under the name that the Dockerfile knows it by.
package struct ContextFile: Hashable, Sendable {
    /// Its path in the context, `tool-linux-amd64` or `linux/amd64/tool`.
    package let name: String
    /// The digest of its bytes.
    package let digest: Digest
    /// Its size in bytes.
    package let size: Int64
    /// Its permission bits.
    package let mode: UInt16
    package let key: ArtifactKey

    /// A file from its parts.
    package init(name: String, digest: Digest, size: Int64, mode: UInt16, key: ArtifactKey) {
        self.name = name
        self.digest = digest
        self.size = size
        self.mode = mode
        self.key = key
    }
}
