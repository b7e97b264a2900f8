package import ContentAddress

/// What a backup or a restore came to.
package struct BackupReport: Sendable {
    /// A blob that couldn't be copied.
    package struct Fault: Sendable, Hashable {
        /// Which.
        package let digest: Digest
        /// Where it was looked for.
        package let path: String
        /// What is wrong with it.
        package let reason: String
    }

    /// How many blobs were copied.
    package var blobs = 0
    /// How many bytes these have.
    package var bytes: Int64 = 0
    /// How many blobs were there.
    package var present = 0
    /// How many blobs were removed that the index doesn't name any more.
    package var removed = 0
    /// The last event of the copy.
    package var event: Int64 = 0
    /// The name of a restored store's log.
    package var origin: String?
    /// The group that the store that was restored was shared with.
    package var formerGroup: SharedGroup?
    /// Whether the restored store is shared with that group.
    package var isShared = false
    /// Blobs that couldn't be copied, by digest.
    package var faults: [Fault] = []
}
