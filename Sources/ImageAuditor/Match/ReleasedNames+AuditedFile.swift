import ArtifactStore
import ImageFileSystem
import OCI
import Release

extension ReleasedNames {
    /// The released name that a file's own name fits; nil when there is none.
    ///
    /// A text that happens to have the name of a released program is not what was released.
    func fitting(_ file: AuditedFile) -> RepositoryName? {
        guard file.kind == .file, file.size > 0, file.isELF || file.mode & 0o111 != 0 else { return nil }
        return fitting(program: file.path.lastName)
    }

    /// Whether a file's own name is one that a released artifact goes by.
    func fits(_ file: AuditedFile, _ artifact: Artifact) -> Bool {
        let own = [artifact.key.name.lastComponent, artifact.fileName].map { Array($0.utf8) }
        return Self.candidates(file.path.lastName).contains { own.contains($0) }
    }
}
