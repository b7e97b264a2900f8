import ArtifactStore
import ContentAddress
import OCI
import Printable

/// A file of an image whose every release was removed.
struct WithdrawnFile {
    let file: AuditedFile
    /// The removal that counts: one for a fault before one that is a note, then the release that fits the image best.
    let stone: Tombstone

    init?(_ file: AuditedFile, _ matched: MatchedImage) {
        guard let stones = file.digest.flatMap({ matched.withdrawn[$0] }) else { return nil }
        let keys = file.artifacts.map(\.key)
        let ordered = stones.sorted { left, right in
            keys.firstIndex(of: left.key) ?? keys.count < keys.firstIndex(of: right.key) ?? keys.count
        }
        guard let stone = ordered.first(where: { !$0.isNote }) ?? ordered.first else { return nil }
        (self.file, self.stone) = (file, stone)
    }

    /// `app 1.2.3 linux/amd64, removed 2026-11-27: wrong binary`.
    var finding: Finding {
        let reason = stone.reason.map { ": \(printable($0))" } ?? ""
        return Finding(
            stone.isNote ? .expired : .withdrawn,
            layer: file.layer,
            path: file.path,
            "it is \(stone.key), removed \(stone.removedAt.rfc3339.prefix(10))\(reason)",
            found: stone.digest.description
        )
    }
}
