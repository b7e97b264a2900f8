import ArtifactStore
import Release

extension ContextFile {
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
