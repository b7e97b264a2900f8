import ArtifactStore
import Printable
import Synchronization

/// Warnings that are given once in a call, which may open many images of one registry.
enum Warnings {
    private static let said = Mutex<Set<String>>([])

    /// Gives a warning that wasn't given yet.
    @Sendable static func say(_ text: String) {
        guard said.withLock({ $0.insert(text).inserted }) else { return }
        Output.warning("\(message: text)")
    }

    /// Warns that what was found isn't kept in the store.
    @Sendable static func unrecorded(_ error: StoreError) { say("not recorded: \(error)") }
}
