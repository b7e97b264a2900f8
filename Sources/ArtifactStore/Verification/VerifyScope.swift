package import OCI

/// Which blobs a verification reads.
package struct VerifyScope: Sendable {
    /// The part of the blobs that is read, above 0 and at most 1: which ones is a function of their digests and `seed`.
    package var sample: Double
    /// Chooses another part of the same size.
    package var seed: UInt64
    /// Only blobs that came into the store at this time or later.
    package var since: Timestamp?
    /// Takes up where the last verification that could be taken up was cut off, and records how far this one comes.
    ///
    /// The store must be writable.
    package var resumes: Bool
    /// How many blobs are read at a time.
    package var threads: Int

    /// A scope: all blobs, when nothing is given.
    package init(sample: Double = 1, seed: UInt64 = 0, since: Timestamp? = nil, resumes: Bool = false, threads: Int = 2)
    {
        self.sample = sample
        self.seed = seed
        self.since = since
        self.resumes = resumes
        self.threads = threads
    }
}
