package import ContentAddress

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

    package init(name: String, digest: Digest, diffIDs: [Digest]) {
        self.name = name
        self.digest = digest
        self.diffIDs = diffIDs
    }
}
