import ArtifactStore
import OCI
import Printable
import Release

extension Revocation.Level {
    /// In a word or three, for people.
    var word: String {
        switch self {
        case .warned: "revoked"
        case .denied: "revoked and denied"
        case .lifted: "not revoked any more, since"
        }
    }
}

extension Revocation {
    /// For people: `revoked and denied 2026-11-27 by ci@build-7: it leaks memory (https://example.com/1)`.
    var words: Message {
        "\(level.word) \(revokedAt.shown) by \(revokedBy): \(reason)" + (advisory.map { " (\($0))" } ?? "")
    }
}
