import ContentAddress
import Dispatch
import Synchronization

/// Staged blobs on their way to stable storage and to their names, for puts, images, imports and repairs: *sync*,
/// *link* and *sync the directory*, of the write order (docs/store-format.md), or what another ``BlobStorage`` does.
///
/// The steps run beside the thread that reads the blobs and writes their rows.
final class BlobPublisher: Sendable {
    /// From this number on they are many.
    private static let manyCount = 8
    /// What a disk writes in a second, about: 64 MiB.
    private static let smallSize: Int64 = 64 << 20

    /// Whether the blobs are so many and so small that their rows take about as long as the disk does.
    let isOfMany: Bool

    private struct State {
        var blobs: [StagedBlob]
        var outcomes: [(digest: Digest, outcome: BlobOutcome)] = []
        /// Those that get their names under the index's write lock.
        var unpublished: [StagedBlob] = []
        var terms: PublishTerms?
        var failure: StoreError?
    }

    private let state: Mutex<State>
    private let storage: any BlobStorage
    private let queue = DispatchQueue(label: "blobs")

    init(_ blobs: [StagedBlob], to storage: any BlobStorage) {
        state = Mutex(State(blobs: blobs))
        self.storage = storage
        let size = blobs.reduce(0) { $0 &+ $1.size }
        isOfMany = blobs.count >= Self.manyCount && size <= Self.smallSize
    }

    /// Begins to sync the bytes; those in `named` have rows, and their files were synced before these were written.
    func sync(except named: Set<Digest> = []) {
        perform { publisher throws(StoreError) in
            let blobs = publisher.state.withLock(\.blobs)
            try publisher.storage.sync(named.isEmpty ? blobs : blobs.filter { !named.contains($0.digest) })
        }
    }

    /// Publishes the blobs when they are synced.
    func publish(_ terms: PublishTerms) {
        perform { publisher throws(StoreError) in
            publisher.state.withLock { $0.terms = terms }
            try publisher.publish(publisher.state.withLock(\.blobs), terms)
        }
    }

    /// Waits for what was begun, and lets the blobs go; gives what became of each, and throws what went wrong first.
    ///
    /// The caller is in no transaction.
    @discardableResult
    func finish(in index: Index) throws(StoreError) -> [(digest: Digest, outcome: BlobOutcome)] {
        if try wait() { try index.writeUnsynced { _ in try publishRest() } }
        return state.withLock(\.outcomes)
    }

    /// The same for a caller who has the index's write lock: inside a transaction, or where nobody else has the store.
    @discardableResult
    func finishLocked() throws(StoreError) -> [(digest: Digest, outcome: BlobOutcome)] {
        if try wait() { try publishRest() }
        return state.withLock(\.outcomes)
    }

    /// Waits; whether there are blobs left that get their names under the lock.
    private func wait() throws(StoreError) -> Bool {
        queue.sync {}
        letGo()
        if let error = state.withLock(\.failure) { throw error }
        return state.withLock { !$0.unpublished.isEmpty }
    }

    // Closing thousands of files takes a while. A few are gone at once: an upload's first name with them, whose end is a
    // change of the blob's file to whoever reads it.
    private func letGo() {
        let blobs = state.withLock { state in
            defer { state.blobs = [] }
            return state.blobs
        }
        guard blobs.count >= Self.manyCount else { return }
        queue.async { withExtendedLifetime(blobs) {} }
    }

    private func perform(_ step: @escaping @Sendable (BlobPublisher) throws(StoreError) -> Void) {
        queue.async { [self] in
            guard state.withLock({ $0.failure == nil }) else { return }
            do throws(StoreError) { try step(self) } catch { state.withLock { $0.failure = error } }
        }
    }

    private func publishRest() throws(StoreError) {
        let (rest, terms) = state.withLock { state in
            defer { state.unpublished = [] }
            return (state.unpublished, state.terms)
        }
        guard var terms else { return }
        terms.isLocked = true
        try publish(rest, terms)
    }

    private func publish(_ blobs: [StagedBlob], _ terms: PublishTerms) throws(StoreError) {
        let outcomes = try storage.publish(blobs, terms)
        state.withLock { state in
            for (blob, outcome) in zip(blobs, outcomes) {
                if case .needsLock = outcome {
                    state.unpublished.append(blob)
                } else {
                    state.outcomes.append((blob.digest, outcome))
                }
            }
        }
    }
}
