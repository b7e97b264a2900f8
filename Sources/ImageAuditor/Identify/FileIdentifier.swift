package import ArtifactStore
package import ContentAddress
import ELF
import Glibc
import OCI
package import SystemIO

/// Says of loose files what the store knows of them.
package struct FileIdentifier: Sendable {
    private let store: Store
    private let names: ReleasedNames

    /// An identifier against a store.
    ///
    /// Throws ``StoreError`` when the store can't be asked.
    package init(store: Store) throws(StoreError) {
        self.store = store
        names = ReleasedNames(try store.releasedFileNames())
    }

    /// Identifies an open regular file, which is read once, and a second time when no release has its bytes.
    ///
    /// `progress` is told of the bytes that were hashed since it was told last. Throws ``SystemIO/SystemError`` or
    /// ``StoreError``.
    package func identify(
        _ file: borrowing File,
        path: [UInt8],
        progress: (Int64) -> Void = { _ in }
    ) throws -> Identification {
        let mapped = try MappedFile(file)
        let digest = Self.digest(mapped.bytes, progress)
        let artifacts = try store.artifacts(with: digest)
        let size = Int64(mapped.bytes.count)
        let packed = try store.packedArchives(withAnyOf: [digest])[digest] ?? []
        guard artifacts.isEmpty, packed.isEmpty, !mapped.bytes.isEmpty else {
            return Identification(
                path: path,
                digest: digest,
                size: size,
                artifacts: artifacts,
                near: [],
                alike: [],
                archives: [],
                packedArchives: packed,
                isPacked: false
            )
        }
        // A damaged ELF file is compared by content only.
        let programs = ProgramIdentity.read(mapped.bytes)
        let near = try NearMatcher(store: store).matches(ofSlices: programs)
        let architecture = programs.count == 1 ? programs[0].architecture : nil
        let isAltered = near.first?.isAlteredCopy == true
        return Identification(
            path: path,
            digest: digest,
            size: size,
            artifacts: [],
            near: near,
            alike: isAltered ? [] : try alike(mapped.bytes, path: path, architecture: architecture),
            archives: try store.archives(holding: [digest])[digest] ?? [],
            packedArchives: [],
            isPacked: !programs.isEmpty && PackedProgram(mapped.bytes) != nil
        )
    }

    /// Identifies bytes by their digest alone: only equal ones are found.
    ///
    /// Throws ``StoreError``.
    package func identify(_ digest: Digest, path: [UInt8]) throws -> Identification {
        let artifacts = try store.artifacts(with: digest)
        return Identification(
            path: path,
            digest: digest,
            size: try artifacts.first?.size ?? store.blobSize(digest),
            artifacts: artifacts,
            near: [],
            alike: [],
            archives: artifacts.isEmpty ? try store.archives(holding: [digest])[digest] ?? [] : [],
            packedArchives: try store.packedArchives(withAnyOf: [digest])[digest] ?? [],
            isPacked: false
        )
    }

    private static func digest(_ bytes: UnsafeRawBufferPointer, _ progress: (Int64) -> Void) -> Digest {
        // Some hundredths of a second of hashing.
        let step = 16 << 20
        var hasher = DigestHasher()
        for place in stride(from: 0, to: bytes.count, by: step) {
            let piece = UnsafeRawBufferPointer(rebasing: bytes[place..<min(place + step, bytes.count)])
            hasher.update(piece)
            progress(Int64(piece.count))
        }
        return hasher.finalize()
    }

    private func alike(
        _ bytes: UnsafeRawBufferPointer,
        path: [UInt8],
        architecture: String?
    ) throws -> [Identification.SimilarFile] {
        guard let name = names.fitting(fileName: path.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? [])
        else { return [] }
        return try ContentSimilarity(store: store).matches(of: bytes, name: name, architecture: architecture).map {
            Identification.SimilarFile(artifacts: try store.artifacts(with: $0.artifact), thousandths: $0.thousandths)
        }
    }
}
