package import ContentAddress
package import OCI
package import Release

/// A mark that a release, or a file or image by its digest, isn't to be used any more, or may be again.
///
/// Marks are only added: of those on one subject, the latest counts.
package struct Revocation: Hashable, Sendable {
    /// What is marked.
    package enum Subject: Hashable, Sendable {
        /// All files of a release, but for bytes that another release that isn't revoked has, too.
        case release(ReleaseKey)
        /// Bytes, whatever release has them: a file, a manifest or an index.
        case bytes(Digest)
    }

    /// What follows from a mark.
    package enum Level: String, Sendable, CaseIterable {
        /// Whoever uses it is warned.
        case warned
        /// It is refused.
        case denied
        /// An earlier mark is lifted.
        case lifted

        /// In a word or three, for people.
        package var word: String {
            switch self {
            case .warned: "revoked"
            case .denied: "revoked and denied"
            case .lifted: "not revoked any more, since"
            }
        }
    }

    /// A signed statement of the mark: its key, and a DSSE envelope in canonical JSON.
    package struct Proof: Hashable, Sendable {
        package let key: Digest
        package let bytes: [UInt8]

        /// A statement that was verified by this key.
        package init(key: Digest, bytes: [UInt8]) {
            self.key = key
            self.bytes = bytes
        }
    }

    /// What is marked.
    package let subject: Subject
    /// What follows.
    package let level: Level
    /// Why.
    package let reason: String
    /// Where there is more to read.
    package let advisory: String?
    /// When it was marked.
    package let revokedAt: Timestamp
    /// Who marked it.
    package let revokedBy: String
    /// The signed statement; nil where no key was given.
    package let proof: Proof?

    /// A mark, made at a time by somebody.
    package init(
        _ subject: Subject,
        _ level: Level,
        reason: String,
        advisory: String? = nil,
        at time: Timestamp,
        by actor: String,
        proof: Proof? = nil
    ) {
        self.subject = subject
        self.level = level
        self.reason = reason
        self.advisory = advisory
        revokedAt = time
        revokedBy = actor
        self.proof = proof
    }

    /// Whether another mark says the same by the same key, whenever it was made.
    func says(_ other: Revocation) -> Bool {
        subject == other.subject && level == other.level && reason == other.reason && advisory == other.advisory
            && proof?.key == other.proof?.key
    }
}

extension Revocation.Subject: CustomStringConvertible {
    /// `team/agent@1.2.3`, or the digest.
    package var description: String {
        switch self {
        case .release(let release): "\(release)"
        case .bytes(let digest): "\(digest)"
        }
    }
}
