import ELF
import ImageFileSystem

/// A program or library as the loader has it: what it was loaded for counts, too.
final class LoadedFile {
    let facts: ELFFile
    let path: FilePath
    /// The directory that `$ORIGIN` stands for: where a library was looked for, whatever links lead elsewhere.
    let origin: FilePath
    /// What needs it; nil for the program.
    let loader: LoadedFile?

    init(_ facts: ELFFile, at path: FilePath, from origin: FilePath? = nil, for loader: LoadedFile?) {
        self.facts = facts
        self.path = path
        self.origin = origin ?? path.parent
        self.loader = loader
    }
}
