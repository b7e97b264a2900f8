package import ArtifactStore
package import ContentAddress

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
