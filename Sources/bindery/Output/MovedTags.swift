import ArtifactStore
import ContentAddress
import OCI
import Printable

/// What names stood for before a command gives them to another image.
struct MovedTags {
    private let before: [(reference: ImageReference, digest: Digest)]

    /// Looks the names up, before they move.
    init(_ references: [ImageReference], in store: Store) throws(StoreError) {
        var before: [(ImageReference, Digest)] = []
        for reference in references {
            if let image = try store.image(reference) { before.append((reference, image.digest)) }
        }
        self.before = before
    }

    /// Says which of them moved, or would move.
    func tell(now digest: Digest, isDryRun: Bool = false) {
        for (reference, old) in before where old != digest {
            Output.note("bindery: \(reference.tagged) \(isDryRun ? "would move" : "moved") from \(old.short)")
        }
    }
}
