import ArtifactStore
import ContentAddress
import OCI

/// A trusted key in JSON.
struct KeyShape: Encodable {
    let identifier: Digest
    let name: String
    let role: String
    let scope: [String]
    let from: String?
    let until: String?
    let trustedAt: String
    let trustedBy: String
    let revokedAt: String?
    let revokedReason: String?

    init(_ key: TrustedKey) {
        identifier = key.identifier
        name = key.name
        role = key.role
        scope = key.scope
        from = key.validFrom?.rfc3339
        until = key.validUntil?.rfc3339
        trustedAt = key.trustedAt.rfc3339
        trustedBy = key.trustedBy
        revokedAt = key.revocation?.at.rfc3339
        revokedReason = key.revocation?.reason
    }
}
