package import ArtifactStore
import ContentAddress
import OCI

/// A mark in JSON.
package struct RevocationShape: Encodable {
    let release: String?
    let digest: Digest?
    let level: String
    let reason: String
    let advisory: String?
    let revokedAt: String
    let revokedBy: String
    let key: Digest?

    package init(_ revocation: Revocation) {
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
