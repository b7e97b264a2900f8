public import ContentAddress

/// What a verification of the whole store found.
public struct VerifyReport: Sendable {
    /// One thing that is wrong.
    public struct Fault: Sendable, Hashable {
        /// What is wrong.
        public enum Kind: String, Sendable {
            /// A row's blob isn't in its folder.
            case missing
            /// The blob has another size than its row says.
            case wrongSize = "wrong size"
            /// The blob's bytes aren't those of its digest.
            case wrongBytes = "wrong bytes"
            /// The blob can't be read.
            case unreadable
            /// Something in the folder of blobs isn't named as a blob.
            case foreign
            /// The index is damaged in itself.
            case index
            /// A row of the index names one that isn't there.
            case dangling = "dangling row"
            /// The index and its history disagree.
            case history
        }

        /// What is wrong.
        public let kind: Kind
        /// The blob, when it's about one.
        public let digest: Digest?
        /// Where it is.
        public let path: String
        /// What was found.
        public let detail: String
        /// The releases that are hit.
        public let artifacts: [Artifact]
        /// The images that are hit: their names, or their digests where they have none.
        public let images: [String]
    }

    /// How many blobs were hashed.
    public var blobs = 0
    /// How many bytes they have.
    public var bytes: Int64 = 0
    /// Whether it took up where an earlier one was cut off.
    public var isResumed = false
    /// What is wrong, by path.
    public var faults: [Fault] = []
    /// Whole blobs that no row names: what a crash between writing and naming leaves.
    ///
    /// No fault; collection takes them.
    public var orphans: [Digest] = []
}
