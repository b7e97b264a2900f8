public import Archive
public import ContentAddress

/// What is known of a layer.
public struct LayerFacts: Sendable {
    /// The blob's digest.
    public let digest: Digest
    /// The uncompressed bytes' digest.
    public let diffID: Digest
    /// The blob's size in bytes.
    public let size: Int64
    /// The uncompressed size in bytes.
    public let uncompressedSize: Int64
    /// How it is compressed.
    public let compression: Compression
    /// How many entries it has.
    public let entryCount: Int
}
