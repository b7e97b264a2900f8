public import ContentAddress

/// A file under a blob's name that wasn't the blob, and was replaced by the right bytes.
public struct Replacement: Sendable {
    /// The blob.
    public let digest: Digest
    /// What was wrong with the file.
    public let reason: String
    /// Where it is now.
    public let quarantine: String?
}
