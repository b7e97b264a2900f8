import ArtifactStore
import ContentAddress
import ELF
import OCI

/// Reads what an unknown program says of itself, and compares it with the releases of the name it goes by.
struct ProgramReader {
    let store: Store
    /// For programs that are named like released ones, the released name.
    let names: [Digest: RepositoryName]

    /// Throws ``StoreError`` or ``SystemIO/SystemError``; damage in the program is not an error.
    func read(_ bytes: UnsafeRawBufferPointer, digest: Digest) throws -> ProgramReading {
        let facts = (try? BinaryFacts.read(bytes)) ?? nil
        let foreign = facts == nil ? ProgramIdentity.read(bytes) : []
        let architecture = facts?.elf.architecture ?? (foreign.count == 1 ? foreign[0].architecture : nil)
        let similarFiles = try names[digest].map { name in
            try ContentSimilarity(store: store).matches(of: bytes, name: name, architecture: architecture)
        }
        return ProgramReading(
            facts: facts,
            foreign: foreign,
            packed: facts == nil && foreign.isEmpty ? nil : PackedProgram(bytes),
            similarFiles: similarFiles ?? []
        )
    }
}
