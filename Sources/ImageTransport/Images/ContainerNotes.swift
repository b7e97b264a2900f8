package import ContentAddress
package import OCI

/// What an archive or layout has beside what its source opened, as far as engines would look at it.
package struct ContainerNotes: Sendable {
    /// Why engines or tools read another image from it; nothing of it may be believed then.
    package var ambiguities: [TransportError] = []
    /// Members that another engine would choose from, beside the source's root.
    package var further: [Descriptor] = []
    /// Members that are named and aren't there, as in what `docker save` writes of an index.
    package var absent: Set<Digest> = []

    /// Nothing.
    package init() {}
}
