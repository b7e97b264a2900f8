package import ContentAddress
package import Release
package import TransparencyLog

/// What a bundle proves of its parts, after it was verified by keys that this store trusts.
package struct ImportedProofs: Sendable {
    /// A checkpoint of another log, as it was signed.
    package struct SeenCheckpoint: Sendable, Hashable {
        package let checkpoint: Checkpoint
        package let note: [UInt8]

        /// A checkpoint and its note.
        package init(_ checkpoint: Checkpoint, note: [UInt8]) {
            self.checkpoint = checkpoint
            self.note = note
        }
    }

    /// The releases that are sealed, by the digests of their documents.
    package var seals: [ReleaseKey: Digest] = [:]
    /// Signed statements, whoever signed them.
    package var attestations: [NewAttestation] = []
    /// Builders' own attestations about files of the releases.
    package var provenance: [NewProvenance] = []
    /// Marks, the earliest first.
    package var revocations: [Revocation] = []
    /// Checkpoints that the next bundles of their logs have to go on from.
    package var checkpoints: [SeenCheckpoint] = []
    /// The releases that come in unsigned though a key that is trusted speaks of their name.
    package var unsigned: Set<ReleaseKey> = []

    /// Nothing.
    package init() {}
}
