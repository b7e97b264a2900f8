package import ContentAddress

/// A file under a blob's name that wasn't the blob, and was replaced by the right bytes.
package struct Replacement: Sendable {
    /// The blob.
    package let digest: Digest
    /// What was wrong with the file.
    package let reason: String
    /// Where it is now.
    package let quarantine: String?
}
