package import ContentAddress

/// What a verification of the whole store found.
package struct VerifyReport: Sendable {
    /// One thing that is wrong.
    package struct Fault: Sendable, Hashable {
        /// What is wrong.
        package enum Kind: String, Sendable {
            /// A row's blob isn't in its directory.
            case missing
            /// The blob has another size than its row says.
            case wrongSize = "wrong size"
            /// The blob's bytes aren't those of its digest.
            case wrongBytes = "wrong bytes"
            /// The blob can't be read.
            case unreadable
            /// Something in the directory of blobs isn't named as a blob.
            case foreign
            /// The index is damaged in itself.
            case index
            /// A row of the index names one that isn't there.
            case dangling = "dangling row"
            /// The index and its history disagree.
            case history
        }

        /// What is wrong.
        package let kind: Kind
        /// The blob, when it's about one.
        package let digest: Digest?
        /// Where it is.
        package let path: String
        /// What was found.
        package let detail: String
        /// The releases that are hit.
        package let artifacts: [Artifact]
        /// The images that are hit: their names, or their digests where they have none.
        package let images: [String]
    }

    /// How many blobs were hashed.
    package var blobs = 0
    /// How many bytes they have.
    package var bytes: Int64 = 0
    /// Released files that an earlier version stored without looking into them.
    package var unread: [UnreadFile] = []
    /// Whether it took up where an earlier one was cut off.
    package var isResumed = false
    /// What is wrong, by path.
    package var faults: [Fault] = []
    /// Whole blobs that no row names: what a crash between writing and naming leaves.
    ///
    /// No fault; collection takes them.
    package var orphans: [Digest] = []
}
