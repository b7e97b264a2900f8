/// What became of one file that was put.
package struct PutResult: Sendable, Hashable {
    /// The artifact as the index holds it.
    package let artifact: Artifact
    /// False when the same bytes were released under this key before: nothing changed then.
    package let isNew: Bool
}
