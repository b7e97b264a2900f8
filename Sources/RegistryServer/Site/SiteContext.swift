import ArtifactStore
import ContentAddress
import OCI
import Printable
import TransparencyLog

/// What the API and the pages are made from.
struct SiteContext: Sendable {
    let store: Store
    /// Gets what the server fails at.
    let report: @Sendable (String) -> Void
    let blobs: BlobOpener
    /// Whether files that are sent are looked at.
    let identifies: Bool
    /// Tells the entity tags of this program from those of another version, which may show the same store differently.
    private let edition: String

    init(
        _ store: Store,
        _ blobs: BlobOpener,
        identifies: Bool,
        report: @escaping @Sendable (String) -> Void
    ) {
        (self.store, self.identifies) = (store, identifies)
        self.report = report
        self.blobs = blobs
        edition = String(store.now.milliseconds, radix: 36)
    }

    /// The entity tag of what is a function of the store's history.
    ///
    /// Every change of the store is an event of its log, whose root stands for all of them. Nil for a store of an earlier
    /// version that can only be read: it has no root.
    func entityTag() -> String? {
        guard let root = try? store.logHead().root else { return nil }
        return "\"\(root.hex.prefix(32))-\(edition)\""
    }
}
