import ArtifactStore
import Synchronization

/// What the counts say of the store, looked up once in a while: in a large one it takes seconds.
final class StoreFigures: Sendable {
    private struct State {
        var usage: [BlobUsage] = []
        var at: ContinuousClock.Instant?
        var isBusy = false
    }

    private let store: Store
    private let state = Mutex(State())

    /// How long they count.
    private static let time = Duration.seconds(60)

    init(_ store: Store) { self.store = store }

    /// What blobs are kept for; while one looks it up anew, the others get that of before.
    func usage() throws -> [BlobUsage] {
        let now = ContinuousClock.now
        let known = state.withLock { state -> [BlobUsage]? in
            if let at = state.at, state.isBusy || now - at < Self.time { return state.usage }
            state.isBusy = true
            return nil
        }
        if let known { return known }
        defer { state.withLock { $0.isBusy = false } }
        let usage = try store.blobUsage()
        state.withLock { ($0.usage, $0.at) = (usage, .now) }
        return usage
    }
}
