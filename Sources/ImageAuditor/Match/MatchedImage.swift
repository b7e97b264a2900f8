import ArtifactStore
import ContentAddress
import ImageFileSystem
import OCI
import Release

/// One platform's image and what each of its files is, by the store.
struct MatchedImage {
    var image: ScannedImage
    /// The known base that the lowest layers are.
    let base: KnownBase?
    /// For each digest that is released, its artifacts.
    ///
    /// What was withdrawn is evaluated as if it were there.
    let artifacts: [Digest: [Artifact]]
    /// Of these, those whose every release was removed.
    let withdrawn: [Digest: [Tombstone]]
    /// Which releases the files above the base are.
    let explanation: ReleaseExplanation
    let files: [AuditedFile]
    let directories: [AuditedFile]

    /// The artifacts with a digest, the one that fits the image best first; empty when it is not a release's.
    func released(_ digest: Digest?) -> [Artifact] {
        digest.flatMap { artifacts[$0] }.map { explanation.ordered($0, for: image.parsedPlatform) } ?? []
    }

    /// Whether a file of the known base was replaced or removed by a layer above it.
    var isBaseTouched: Bool {
        guard let base else { return false }
        return image.touched.contains { $0.oldLayer < base.diffIDs.count && $0.layer >= base.diffIDs.count }
    }

    /// How many are neither released nor of the base; symbolic links and devices are files here, too.
    var furtherCount: Int { files.count(where: \.identity.isUnknown) }

    /// The digests of the files that nobody knows.
    var unknown: Set<Digest> { Set(files.lazy.compactMap { $0.identity.isUnknown ? $0.digest : nil }) }
}
