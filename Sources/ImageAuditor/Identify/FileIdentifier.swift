public import ArtifactStore
internal import ContentAddress
internal import ELF
internal import Glibc
internal import OCI
public import SystemIO

/// Says of loose files what the store knows of them.
public struct FileIdentifier: Sendable {
    private let store: Store
    private let names: ReleasedNames

    /// Unknown files are compared with so many releases of their name, the latest first.
    private static let candidateCount = 8
    /// Less in common than this is chance: compilers, runtimes and padding are alike everywhere.
    private static let leastLikeness = 100

    /// An identifier against a store.
    ///
    /// Throws ``StoreError`` when the store can't be asked.
    public init(store: Store) throws(StoreError) {
        self.store = store
        names = ReleasedNames(try store.releasedFileNames())
    }

    /// Identifies an open regular file, which is read once, and a second time when no release has its bytes.
    ///
    /// Throws ``SystemIO/SystemError`` or ``StoreError``.
    public func identify(_ file: borrowing File, path: String) throws -> Identification {
        let mapped = try MappedFile(file)
        let digest = Digest.of(mapped.bytes)
        let artifacts = try store.artifacts(with: digest)
        let size = Int64(mapped.bytes.count)
        guard artifacts.isEmpty, !mapped.bytes.isEmpty else {
            return Identification(
                path: path,
                digest: digest,
                size: size,
                artifacts: artifacts,
                near: [],
                alike: [],
                isPacked: false
            )
        }
        // A damaged ELF file is compared by content only.
        let facts = (try? BinaryFacts.read(mapped.bytes)) ?? nil
        let near = try facts.map { try NearMatcher(store: store).matches(of: $0) } ?? []
        return Identification(
            path: path,
            digest: digest,
            size: size,
            artifacts: [],
            near: near,
            alike: near.isEmpty ? try alike(mapped.bytes, path: path, architecture: facts?.elf.architecture) : [],
            isPacked: facts != nil && Self.isPacked(mapped.bytes)
        )
    }

    // UPX leaves its mark in the loader that it puts in front (`l_info.l_magic`).
    private static func isPacked(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let mark = Array("UPX!".utf8)
        let head = bytes.prefix(4096)
        return head.indices.dropLast(mark.count - 1).contains { position in
            head[position..<(position + mark.count)].elementsEqual(mark)
        }
    }

    private func alike(
        _ bytes: UnsafeRawBufferPointer,
        path: String,
        architecture: String?
    ) throws -> [Identification.Likeness] {
        guard let name = names.fitting(fileName: Array(Directory.lastComponent(of: path).utf8)) else { return [] }
        let candidates = try store.releases(of: name).reversed().flatMap(\.artifacts).filter { artifact in
            guard let own = artifact.key.platform.platform?.architecture, let architecture else { return true }
            return own == architecture
        }
        let chunks = ContentChunks(bytes)
        var seen: Set<Digest> = []
        var found: [Identification.Likeness] = []
        for candidate in candidates where seen.count < Self.candidateCount && seen.insert(candidate.digest).inserted {
            let released = try MappedFile(store.openBlob(candidate.digest))
            let share = chunks.share(in: ContentChunks(released.bytes))
            guard share >= Self.leastLikeness else { continue }
            found.append(
                Identification.Likeness(artifacts: try store.artifacts(with: candidate.digest), thousandths: share)
            )
        }
        return found.sorted { $0.thousandths > $1.thousandths }
    }
}
