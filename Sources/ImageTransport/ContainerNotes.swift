public import ContentAddress
public import OCI

/// What an archive or layout has beside what its source opened, as far as engines would look at it.
public struct ContainerNotes: Sendable {
    /// Why engines or tools read another image from it; nothing of it may be believed then.
    public var ambiguities: [TransportError] = []
    /// Members that another engine would choose from, beside the source's root.
    public var further: [Descriptor] = []
    /// Members that are named and aren't there, as in what `docker save` writes of an index.
    public var absent: Set<Digest> = []

    /// Nothing.
    public init() {}
}
