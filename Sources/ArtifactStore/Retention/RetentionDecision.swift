/// What a policy says of one release, and why.
public struct RetentionDecision: Sendable, Hashable {
    /// The release.
    public let release: Release
    /// Whether it stays.
    public let isKept: Bool
    /// Why: what keeps it, or which rule lets it go.
    public let reason: String
}
