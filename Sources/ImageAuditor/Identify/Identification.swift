package import ArtifactStore
package import ContentAddress
package import Release

/// What a loose file is.
package struct Identification: Sendable {
    /// The path it was found at.
    package let path: [UInt8]
    /// Its digest.
    package let digest: Digest
    /// Its size in bytes; nil for a digest of bytes that aren't here.
    package let size: Int64?
    /// The released artifacts with these bytes.
    package let artifacts: [Artifact]
    /// Released programs that it shares code or build-id with, best first.
    package let near: [NearMatch]
    /// Released files that it shares content with, the most alike first.
    package let alike: [SimilarFile]
    /// Released archives that hold these bytes: where they come from, which makes them no release's.
    package let archives: [ArchivedFile]
    /// Archives with these bytes that were packed from releases.
    package let packedArchives: [PackedArchive]
    /// Whether the bytes are a release's: one of its files, or an archive of them.
    package var isReleased: Bool { !artifacts.isEmpty || !packedArchives.isEmpty }
    /// The releases that have the bytes, as a file or as an archive of their files.
    package var releases: [ReleaseKey] { artifacts.map(\.key.release) + packedArchives.map(\.release) }
    /// Whether UPX has packed it, so that its code can't be compared.
    package let isPacked: Bool

    /// A released file and how much of it stands in another one.
    package struct SimilarFile: Sendable {
        /// The artifacts with its bytes.
        package let artifacts: [Artifact]
        /// How many of the unknown file's bytes stand in the released one, in thousandths.
        package let thousandths: Int
    }
}
