/// What became of one file that was put.
package struct PutResult: Sendable, Hashable {
    /// The artifact as the index holds it.
    package let artifact: Artifact
    /// False when the same bytes were released under this key before: nothing changed then, unless ``isAmended``.
    package let isNew: Bool
    /// Whether the annotations of what was released before were replaced.
    package var isAmended = false
    /// What was in the draft before, where the put replaced it.
    package var replaced: Artifact?
    /// What the put says otherwise than the release, which stays as it is.
    package var differences: [PutDifference] = []
    /// What is known of its files, for an archive.
    package var archive: ArchiveSummary?
}
