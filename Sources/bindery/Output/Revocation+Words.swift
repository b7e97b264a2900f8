import ArtifactStore
import OCI
import Printable
import Release

extension Revocation {
    /// For people: `revoked and denied 2026-11-27 by ci@build-7: it leaks memory (https://example.com/1)`.
    var words: Message {
        "\(level.word) \(revokedAt.shown) by \(revokedBy): \(reason)" + (advisory.map { " (\($0))" } ?? "")
    }
}
