public import ArtifactStore
public import ContentAddress

/// One file of a context: an artifact under the name that the Dockerfile knows it by.
public struct ContextFile: Hashable, Sendable {
    /// Its name in the context: one path component.
    public let name: String
    /// The digest of its bytes.
    public let digest: Digest
    /// Its size in bytes.
    public let size: Int64
    /// Its permission bits.
    public let mode: UInt16
    /// The artifact it is.
    public let key: ArtifactKey

    /// A file from its parts.
    public init(name: String, digest: Digest, size: Int64, mode: UInt16, key: ArtifactKey) {
        self.name = name
        self.digest = digest
        self.size = size
        self.mode = mode
        self.key = key
    }

    /// The files of some artifacts, sorted by name.
    ///
    /// Throws ``AssemblerError/sameFileName(_:_:_:)`` when two artifacts get one name, and
    /// ``AssemblerError/badFileName(_:_:reason:)`` for a name that isn't one plain component, or that the context needs
    /// for itself.
    public static func files(
        of artifacts: some Sequence<Artifact>,
        naming: NamingTemplate
    ) throws(AssemblerError) -> [ContextFile] {
        var byName: [String: ContextFile] = [:]
        for artifact in artifacts {
            let name = naming.fileName(for: artifact)
            if let reason = problem(with: name) { throw .badFileName(name, artifact.key, reason: reason) }
            if let other = byName[name], other.key != artifact.key {
                throw .sameFileName(name, other.key, artifact.key)
            }
            byName[name] = ContextFile(
                name: name,
                digest: artifact.digest,
                size: artifact.size,
                mode: artifact.mode,
                key: artifact.key
            )
        }
        return byName.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    // Names are checked when files are put; a template adds to them, and what is written to disk is checked again.
    private static func problem(with name: String) -> String? {
        if name.isEmpty || name == "." || name == ".." { return "it names no file" }
        if name.utf8.contains(UInt8(ascii: "/")) { return "it has a '/'" }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "it has a control character"
        }
        if name.utf8.count > 255 { return "it has \(name.utf8.count) bytes, and at most 255 are possible" }
        if ContextRecord.reservedNames.contains(name) { return "the context has a file of its own under that name" }
        return nil
    }
}
