/// The answer and its reason, in one line.
package struct GateAnswer: Sendable, Hashable {
    /// Whether it may be pulled.
    package let isAllowed: Bool
    /// Why, for people.
    package let reason: String

    /// An answer with its reason.
    package init(isAllowed: Bool, reason: String) {
        self.isAllowed = isAllowed
        self.reason = reason
    }
}
