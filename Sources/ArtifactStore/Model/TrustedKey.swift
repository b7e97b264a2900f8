package import ContentAddress
package import OCI
import Release

/// A public key whose statements count here: for what, and from when until when.
package struct TrustedKey: Hashable, Sendable {
    /// The SHA-256 of its DER SubjectPublicKeyInfo.
    package let identifier: Digest
    /// What people call it; unique in the store.
    package let name: String
    /// What it signs: `release`, `builder`, `audit` or `log`.
    package let role: String
    /// DER SubjectPublicKeyInfo.
    package let encoded: [UInt8]
    /// Patterns of the names of releases that it may speak of; none for all.
    package let scope: [String]
    /// It counts for no statement of before.
    package let validFrom: Timestamp?
    /// It counts for no statement of afterwards.
    package let validUntil: Timestamp?
    /// When it was trusted, and by whom.
    package let trustedAt: Timestamp
    package let trustedBy: String
    /// Since when it counts no more, and why.
    package let revocation: Revocation?

    /// The end of the trust in a key.
    package struct Revocation: Hashable, Sendable {
        package let at: Timestamp
        package let reason: String

        /// A revocation.
        package init(at: Timestamp, reason: String) {
            self.at = at
            self.reason = reason
        }
    }

    /// A key with what it is trusted for.
    package init(
        identifier: Digest,
        name: String,
        role: String,
        encoded: [UInt8],
        scope: [String],
        validFrom: Timestamp?,
        validUntil: Timestamp?,
        trustedAt: Timestamp,
        trustedBy: String,
        revocation: Revocation? = nil
    ) {
        self.identifier = identifier
        self.name = name
        self.role = role
        self.encoded = encoded
        self.scope = scope
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.trustedAt = trustedAt
        self.trustedBy = trustedBy
        self.revocation = revocation
    }

    /// Whether it counts at a time: neither revoked then or before, nor outside of its validity.
    package func isValid(at time: Timestamp) -> Bool {
        if let revocation, revocation.at <= time { return false }
        return (validFrom.map { $0 <= time } ?? true) && (validUntil.map { time < $0 } ?? true)
    }

    /// Whether it may speak of a release of this name.
    package func covers(_ name: RepositoryName) -> Bool {
        scope.isEmpty || scope.contains { Glob($0).matches(name.text) }
    }
}
