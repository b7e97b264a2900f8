package import ContentAddress

/// What a collection removed, or would remove.
package struct CollectionReport: Sendable {
    /// A blob that nothing kept.
    package struct Blob: Sendable, Hashable {
        /// Its digest.
        package let digest: Digest
        /// Its size in bytes.
        package let size: Int64
        /// Whether it had a row; a blob without one is what a crash between writing and naming leaves.
        package let wasKnown: Bool
    }

    /// True when nothing was changed.
    package let isDryRun: Bool
    /// What the policy said of each release, when there was one.
    package var decisions: [RetentionDecision] = []
    /// Images without a name, pin or lease.
    package var images: [Digest] = []
    /// How many derived layers were forgotten.
    package var layers = 0
    /// How many leases had run out, or had lost their holder.
    package var leases = 0
    /// Blobs that nothing kept.
    package var blobs: [Blob] = []
    /// Files in staging that nobody writes to any more.
    package var stagingFiles = 0
    /// Blobs that nothing names, and what still keeps them; one that several leases hold stands in each.
    package var waits: [CollectionWait] = []
    /// How many blobs nothing names that a lease or the grace period still keeps.
    package var waitingBlobs = 0
    /// How many bytes those have.
    package var waitingBytes: Int64 = 0
    /// Bytes that the index's own file gave back.
    package var indexBytes: Int64 = 0
    /// How many rows of each table keep blobs.
    package var roots: [String: Int] = [:]

    /// The bytes of all blobs that went.
    package var bytes: Int64 { blobs.reduce(0) { $0 &+ $1.size } }

    /// What goes before any blob does.
    struct Documents {
        /// The files of leases that were ended; nil for one without.
        let leases: [String?]
        let images: [Digest]
        let layers: Int
    }

    mutating func note(_ documents: Documents) {
        leases = documents.leases.count
        images = documents.images
        layers = documents.layers
    }

    /// Where the next rows are looked for: they are deleted in the order of their digests.
    var lastRow: Digest? { blobs.last(where: \.wasKnown)?.digest }

    init(isDryRun: Bool) {
        self.isDryRun = isDryRun
    }
}
