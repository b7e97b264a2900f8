import ContentAddress
import Dispatch
import Synchronization
import SystemIO

/// Staged blobs on their way to stable storage and to their names, for puts, images, imports and repairs: *sync*,
/// *link* and *sync the directory*, of the write order (docs/store-format.md).
///
/// The steps run beside the thread that reads the blobs and writes their rows.
final class BlobPublisher: Sendable {
    /// Below this number of files each is synced by itself, above it the whole file system is, once.
    private static let fileSystemThreshold = 8
    /// What a disk writes in a second, about: 64 MiB.
    private static let smallSize: Int64 = 64 << 20

    /// Whether the blobs are so many and so small that their rows take about as long as the disk does.
    let isOfMany: Bool

    private struct State {
        var blobs: [StagedBlob]
        var outcomes: [(digest: Digest, outcome: BlobLinker.Outcome)] = []
        /// Those that get their names under the index's write lock.
        var unlinked: [StagedBlob] = []
        var linking: (linker: BlobLinker, named: Set<Digest>)?
        var failure: StoreError?
    }

    private let state: Mutex<State>
    private let paths: StorePaths
    private let durable: Bool
    private let queue = DispatchQueue(label: "blobs")

    init(_ blobs: [StagedBlob], _ paths: StorePaths, durable: Bool) {
        state = Mutex(State(blobs: blobs))
        self.paths = paths
        self.durable = durable
        let size = blobs.reduce(0) { $0 &+ $1.size }
        isOfMany = blobs.count >= Self.fileSystemThreshold && size <= Self.smallSize
    }

    /// Begins to sync the bytes; those in `named` have rows, and their files were synced before these were written.
    func sync(except named: Set<Digest> = []) {
        guard durable else { return }
        perform { publisher throws(StoreError) in try publisher.syncContents(except: named) }
    }

    /// Gives the blobs their names when they are synced, and syncs the directory; those in `named` have rows.
    func link(by linker: BlobLinker, named: Set<Digest> = []) {
        perform { publisher throws(StoreError) in
            publisher.state.withLock { $0.linking = (linker, named) }
            try publisher.link(publisher.state.withLock(\.blobs), isLocked: false)
        }
    }

    /// Waits for what was begun, and lets the blobs go; gives what became of each, and throws what went wrong first.
    ///
    /// The caller is in no transaction.
    @discardableResult
    func finish(in index: Index) throws(StoreError) -> [(digest: Digest, outcome: BlobLinker.Outcome)] {
        if try wait() { try index.writeUnsynced { _ in try linkRest() } }
        return state.withLock(\.outcomes)
    }

    /// The same for a caller who has the index's write lock: inside a transaction, or where nobody else has the store.
    @discardableResult
    func finishLocked() throws(StoreError) -> [(digest: Digest, outcome: BlobLinker.Outcome)] {
        if try wait() { try linkRest() }
        return state.withLock(\.outcomes)
    }

    /// Waits; whether there are blobs left that get their names under the lock.
    private func wait() throws(StoreError) -> Bool {
        queue.sync {}
        letGo()
        if let error = state.withLock(\.failure) { throw error }
        return state.withLock { !$0.unlinked.isEmpty }
    }

    // Closing thousands of files takes a while. A few are gone at once: an upload's first name with them, whose end is a
    // change of the blob's file to whoever reads it.
    private func letGo() {
        let blobs = state.withLock { state in
            defer { state.blobs = [] }
            return state.blobs
        }
        guard blobs.count >= Self.fileSystemThreshold else { return }
        queue.async { withExtendedLifetime(blobs) {} }
    }

    private func perform(_ step: @escaping @Sendable (BlobPublisher) throws(StoreError) -> Void) {
        queue.async { [self] in
            guard state.withLock({ $0.failure == nil }) else { return }
            do throws(StoreError) { try step(self) } catch { state.withLock { $0.failure = error } }
        }
    }

    private func syncContents(except named: Set<Digest>) throws(StoreError) {
        let unknown = state.withLock(\.blobs).filter { !named.contains($0.digest) }
        try system { () throws(SystemError) in
            if unknown.count >= Self.fileSystemThreshold, let first = unknown.first {
                return try first.staged.file.syncFileSystem()
            }
            for blob in unknown { try blob.staged.file.sync() }
        }
    }

    private func linkRest() throws(StoreError) {
        let rest = state.withLock { state in
            defer { state.unlinked = [] }
            return state.unlinked
        }
        try link(rest, isLocked: true)
    }

    private func link(_ blobs: [StagedBlob], isLocked: Bool) throws(StoreError) {
        guard let (linker, named) = state.withLock(\.linking) else { return }
        let buffer = ReadBuffer()
        for blob in blobs {
            let isSynced = !named.contains(blob.digest)
            let outcome = try linker.link(blob, isSynced: isSynced, isLocked: isLocked, buffer: buffer)
            state.withLock { state in
                if case .needsLock = outcome {
                    state.unlinked.append(blob)
                } else {
                    state.outcomes.append((blob.digest, outcome))
                }
            }
        }
        guard durable else { return }
        // Also when all were there already: whoever made them may not have synced the directory yet.
        try system { () throws(SystemError) in try Directory.sync(paths.blobs) }
    }
}
