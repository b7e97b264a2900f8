import ImageFileSystem
import OCI

extension ReleasedNames {
    /// The released name that a file's own name fits; nil when there is none.
    ///
    /// A text that happens to have the name of a released program is not what was released.
    func fitting(_ file: AuditedFile) -> RepositoryName? {
        guard file.kind == .file, file.size > 0, file.isELF || file.mode & 0o111 != 0 else { return nil }
        return fitting(program: file.path.lastName)
    }
}
