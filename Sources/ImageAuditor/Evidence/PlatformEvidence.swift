import ArtifactStore
import ContentAddress
import ImageFileSystem

/// What must be recorded of one platform's image so that it can be evaluated again without its layers.
struct PlatformEvidence: Sendable {
    let facts: ImageFacts
    let hidden: [AuditRecord.Hidden]
    let diffIDs: [Digest]
    let claimed: String?

    init(_ image: ScannedImage, claimed: String?) {
        self.claimed = claimed
        diffIDs = image.diffIDs
        facts = ImageFacts(image)
        hidden = image.hidden.compactMap { item in
            item.old.digest.map {
                AuditRecord.Hidden(path: item.path.bytes, digest: $0, layer: item.old.layer, hiddenBy: item.layer)
            }
        }
    }
}
