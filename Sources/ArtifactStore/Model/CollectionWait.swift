package import OCI

/// Blobs that nothing names, and that a collection leaves for now.
package struct CollectionWait: Sendable, Hashable {
    /// Who holds the lease that keeps them; nil for the grace period.
    package let holder: String?
    /// When the last of them may go.
    package let until: Timestamp
    /// How many they are.
    package let blobs: Int
    /// How many bytes they have.
    package let bytes: Int64
}
