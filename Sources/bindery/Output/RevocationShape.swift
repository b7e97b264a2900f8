import ArtifactStore
import ContentAddress
import OCI
import Printable

/// A mark in JSON.
struct RevocationShape: Encodable {
    let release: String?
    let digest: Digest?
    let level: String
    let reason: String
    let advisory: String?
    let revokedAt: String
    let revokedBy: String
    let key: Digest?

    init(_ revocation: Revocation) {
        switch revocation.subject {
        case .release(let key): (release, digest) = ("\(key)", nil)
        case .bytes(let bytes): (release, digest) = (nil, bytes)
        }
        level = revocation.level.rawValue
        reason = revocation.reason
        advisory = revocation.advisory
        revokedAt = revocation.revokedAt.rfc3339
        revokedBy = revocation.revokedBy
        key = revocation.proof?.key
    }
}

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
