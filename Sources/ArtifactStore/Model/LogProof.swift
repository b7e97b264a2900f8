package import ContentAddress
package import TransparencyLog

/// Where a leaf stands in the log, and what leads from it to a checkpoint's root.
package struct LogProof: Sendable, Hashable {
    /// The leaf's place: one less than its event's number.
    package let index: Int64
    /// The leaf's bytes.
    package let leaf: [UInt8]
    /// The checkpoint that it is in.
    package let checkpoint: Checkpoint
    /// The path from below.
    package let path: [Digest]
}

/// What a check of the whole log found.
package struct LogReport: Sendable {
    /// How many leaves were read.
    package var leaves: Int64 = 0
    /// What the tree of the events is.
    package var checkpoint: Checkpoint
    /// Where the log and what it is held against part: one line each, the first place first; none when they agree.
    package var faults: [String] = []
}
