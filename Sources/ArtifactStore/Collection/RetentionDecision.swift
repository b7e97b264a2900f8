/// What a policy says of one release, and why.
package struct RetentionDecision: Sendable, Hashable {
    package let release: Release
    /// Whether it stays.
    package let isKept: Bool
    /// Why: what keeps it, or which rule lets it go.
    package let reason: String
}
