import ArtifactStore
import OCI
import Printable
import Release

extension Tombstone {
    /// For people: `app 1.2.3 linux/amd64, removed 2026-11-27 by ci@build-7: wrong binary`.
    var summary: Message {
        "\(key), removed \(removedAt.shown) by \(removedBy)" + (reason.map { ": \($0)" } ?? "")
    }
}
