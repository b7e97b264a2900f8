/// What a key signs: each role has keys of its own, so that a statement of one kind can't stand for another.
package enum KeyRole: String, Sendable, CaseIterable, Codable {
    /// Sealed releases.
    case release
    /// How images were built, and from what.
    case builder
    /// Audits that passed.
    case audit
    /// Checkpoints of the log.
    case log
    /// Checkpoints of other logs, as their witness.
    case witness

    /// The algorithm of a new key: what cosign makes for statements, what C2SP's notes take for checkpoints.
    package var algorithm: KeyAlgorithm {
        switch self {
        case .release, .builder, .audit: .ecdsaP256
        case .log, .witness: .ed25519
        }
    }
}
