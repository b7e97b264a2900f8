import ContentAddress

/// A released file that an earlier version stored without looking into it.
package struct UnreadFile: Sendable, Hashable {
    /// The digest of its bytes.
    let digest: Digest
    /// One of its names, which may say that it is an archive.
    let name: String
}
