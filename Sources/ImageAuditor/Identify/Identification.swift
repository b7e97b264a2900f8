public import ArtifactStore
public import ContentAddress

/// What a loose file is.
public struct Identification: Sendable {
    /// The path it was found at.
    public let path: String
    /// Its digest.
    public let digest: Digest
    /// Its size in bytes.
    public let size: Int64
    /// The released artifacts with these bytes.
    public let artifacts: [Artifact]
    /// Released programs that it shares code or build-id with, best first.
    public let near: [NearMatch]
    /// Released files that it shares content with, the most alike first.
    public let alike: [Likeness]
    /// Whether UPX has packed it, so that its code can't be compared.
    public let isPacked: Bool

    /// A released file and how much of it stands in another one.
    public struct Likeness: Sendable {
        /// The artifacts with its bytes.
        public let artifacts: [Artifact]
        /// How many of the unknown file's bytes stand in the released one, in thousandths.
        public let thousandths: Int
    }
}
