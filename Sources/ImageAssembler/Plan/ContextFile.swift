import ArtifactStore
package import ContentAddress
package import Release

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

    /// An artifact under a name.
    ///
    /// Throws ``AssemblerError/badFileName(_:_:reason:)`` for a name that can't stand in a context.
    init(_ artifact: Artifact, name: String) throws(AssemblerError) {
        if let reason = Self.problem(with: name) { throw .badFileName(name, artifact.key, reason: reason) }
        self.init(
            name: name,
            digest: artifact.digest,
            size: artifact.size,
            mode: artifact.mode,
            key: artifact.key
        )
    }

    // Names are checked when files are put; a template adds to them, and what is written to disk is checked again.
    private static func problem(with name: String) -> String? {
        let components = name.split(separator: "/", omittingEmptySubsequences: false)
        if components.contains(where: { ["", ".", ".."].contains($0) }) {
            return "it is not a relative path of a file"
        }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "it has a control character"
        }
        if let long = components.first(where: { $0.utf8.count > 255 }) {
            return "it has a name of \(long.utf8.count) bytes, and at most 255 are possible"
        }
        return nil
    }
}
