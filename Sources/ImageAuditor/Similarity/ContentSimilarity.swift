import ArtifactStore
import ContentAddress
import ELF
import OCI
import Release
import SystemIO

/// Measures how much of an unknown file stands in the released ones of a name.
struct ContentSimilarity {
    let store: Store

    /// Unknown files are compared with so many releases of their name, the latest first.
    private static let candidateCount = 8
    /// Less in common than this is chance: compilers, runtimes and padding are alike everywhere.
    private static let leastShare = 100
    /// So many bytes of released files are read for one unknown file.
    private static let largestEffort: Int64 = 1 << 30

    /// The released files of a name that have much in common with some bytes, the most alike first.
    ///
    /// Throws ``StoreError`` or ``SystemIO/SystemError``.
    func matches(
        of bytes: UnsafeRawBufferPointer,
        name: RepositoryName,
        architecture: String?
    ) throws -> [ProgramReading.SimilarFile] {
        let candidates = try store.releases(of: name).reversed().flatMap(\.artifacts).filter { artifact in
            guard let own = artifact.key.platform.platform?.architecture, let architecture else { return true }
            return own == architecture
        }
        let chunks = ContentChunks(bytes)
        var effort: Int64 = 0
        var seen: Set<Digest> = []
        var found: [ProgramReading.SimilarFile] = []
        for candidate in candidates where seen.count < Self.candidateCount && seen.insert(candidate.digest).inserted {
            effort += candidate.size
            guard effort <= Self.largestEffort else { break }
            let released = try MappedFile(store.openBlob(candidate.digest))
            let share = chunks.share(in: ContentChunks(released.bytes))
            guard share >= Self.leastShare else { continue }
            found.append(ProgramReading.SimilarFile(artifact: candidate.digest, thousandths: share))
        }
        return found.sorted { $0.thousandths > $1.thousandths }
    }
}
