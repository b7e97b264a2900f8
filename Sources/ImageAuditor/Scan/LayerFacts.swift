package import Archive
package import ContentAddress

/// What is known of a layer.
package struct LayerFacts: Sendable {
    /// The blob's digest.
    package let digest: Digest
    /// The uncompressed bytes' digest.
    package let diffID: Digest
    /// The blob's size in bytes.
    package let size: Int64
    /// The uncompressed size in bytes.
    package let uncompressedSize: Int64
    /// How it is compressed.
    package let compression: Compression
    /// How many entries it has.
    package let entryCount: Int
}
