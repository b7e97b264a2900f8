import Archive
package import ArtifactStore
package import ContentAddress
package import ImageFileSystem
package import OCI

/// What an audit is asked to do beside the usual.
package struct AuditOptions: Sendable {
    /// Releases that must be in the image.
    package var expected: [ReleaseKey] = []
    /// Only this platform of an index.
    package var platform: Platform?
    /// Images whose layers may lie below, untouched.
    package var bases: [KnownBase] = []
    /// How many uncompressed bytes of all layers are read at most: a bomb ends there.
    ///
    /// Nil is 2 GiB and 200 for each compressed byte.
    package var largestSize: Int64?
    /// How large the file tree may grow.
    package var tree = FileTree.Limits()
    /// What the audit may still cost; one is made for each audit that has none.
    var budget: WorkBudget?
    /// How many platforms of an index are read at the same time; each reads and inflates on a thread of its own.
    package var width = Parallel.coreCount
    /// Hears of each piece of uncompressed layer that has passed, in bytes.
    package var progress: @Sendable (Int64) -> Void = { _ in }

    /// The usual.
    package init() {}
}

/// An image that others may be based on: the layers that they begin with.
package struct KnownBase: Sendable, Hashable, Codable {
    /// What it is called in the report.
    package let name: String
    /// The digest of its manifest.
    package let digest: Digest
    /// The uncompressed digests of its layers, lowest first.
    package let diffIDs: [Digest]

    /// The base with the most layers that an image begins with; nil for none.
    ///
    /// An image is never its own base: it has at least one layer above it.
    static func below(_ diffIDs: [Digest], among bases: [KnownBase]) -> KnownBase? {
        allBelow(diffIDs, among: bases).first
    }

    /// The same base in all the forms that are known of it: another transport or compression makes another manifest.
    static func allBelow(_ diffIDs: [Digest], among bases: [KnownBase]) -> [KnownBase] {
        let below = bases.filter {
            !$0.diffIDs.isEmpty && $0.diffIDs.count < diffIDs.count && diffIDs.starts(with: $0.diffIDs)
        }
        let most = below.map(\.diffIDs.count).max()
        return below.filter { $0.diffIDs.count == most }
    }

    /// A base from its parts.
    package init(name: String, digest: Digest, diffIDs: [Digest]) {
        self.name = name
        self.digest = digest
        self.diffIDs = diffIDs
    }
}
