package import ArtifactStore
import ContentAddress
import OCI
import Release

/// A removed artifact in JSON.
package struct TombstoneShape: Encodable {
    let name: String
    let version: String
    let platform: String
    let file: String
    let digest: Digest
    let removedAt: String
    let removedBy: String
    let reason: String?
    let harmless: Bool

    package init(_ tombstone: Tombstone) {
        name = tombstone.key.name.text
        version = tombstone.key.version.text
        platform = tombstone.key.platform.description
        file = tombstone.key.file.text
        digest = tombstone.digest
        removedAt = tombstone.removedAt.rfc3339
        removedBy = tombstone.removedBy
        reason = tombstone.reason
        harmless = tombstone.isHarmless
    }
}
