/// How long a registry or a container engine is waited for.
package struct Patience: Sendable, Equatable {
    /// How long it may take to begin an answer, in seconds.
    package var answer: Double
    /// The seconds over which it must move 1 KiB in each.
    package var window: Double

    /// A registry's: it hashes a whole layer before it answers the end of an upload.
    package static let registry = Patience(answer: 180, window: 60)
    /// A container engine's: it packs a whole image before its first byte, and unpacks one before its answer.
    package static let engine = Patience(answer: 600, window: 60)

    /// So many seconds for both.
    package init(seconds: Double) {
        self.init(answer: seconds, window: seconds)
    }

    private init(answer: Double, window: Double) {
        self.answer = answer
        self.window = window
    }
}
