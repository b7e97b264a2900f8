package import ArtifactStore
package import ImageTransport

/// What clients may change.
package struct WriteRule: Sendable {
    /// Takes pushes.
    package var push: Bool
    /// Takes deletions.
    package var delete: Bool
    /// Takes manifests whose config or layers aren't there; indexes may always lack members.
    package var sparse: Bool
    /// Tags that are neither moved nor deleted.
    package var immutableTags = ImmutableTags()
    /// How much space pushes may take; nil for as much as there is.
    package var quota: Quota?
    /// How pushed images are audited; nil where they aren't.
    package var audit: PushAudit?
    /// Other registries whose repositories are served and kept below prefixes.
    package var upstreams: [Upstream] = []
    /// What is verified of a release that is pushed, and with it recorded; throws for one that isn't taken.
    package var proofs: @Sendable (BundleImport, Store) throws -> ImportedProofs = { _, _ in ImportedProofs() }

    /// Nothing is taken where nothing is said.
    package init(push: Bool = false, delete: Bool = false, sparse: Bool = false) {
        (self.push, self.delete, self.sparse) = (push, delete, sparse)
    }

    /// Whether an image is served only when its audit has passed.
    var isGated: Bool { audit.map { $0.consequence != .record } ?? false }
}
