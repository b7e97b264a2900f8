/// What became of one file that was put.
public struct PutResult: Sendable, Hashable {
    /// The artifact as the index holds it.
    public let artifact: Artifact
    /// False when the same bytes were released under this key before: nothing changed then.
    public let isNew: Bool
}
