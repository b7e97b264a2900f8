import ContentAddress
import Dispatch
import Synchronization
import SystemIO

/// Staged blobs on their way to stable storage and to their names, beside the thread that reads them and writes their
/// rows: sync, link and sync the directory, of the write order (docs/store-format.md).
final class BlobPublication: Sendable {
    /// Below this number of files each is synced by itself, above it the whole file system is, once.
    private static let fileSystemThreshold = 8
    /// What a disk writes in a second, about: 64 MiB.
    private static let smallSize: Int64 = 64 << 20

    /// Whether the blobs are so many and so small that their rows take about as long as the disk does.
    let isOfMany: Bool

    private let blobs: Mutex<[StagedBlob]>
    private let paths: StorePaths
    private let durable: Bool
    private let outcomes = Mutex<[(digest: Digest, outcome: BlobPublisher.Outcome)]>([])
    private let queue = DispatchQueue(label: "blobs")
    private let failure = Mutex<StoreError?>(nil)

    init(_ blobs: [StagedBlob], _ paths: StorePaths, durable: Bool) {
        self.blobs = Mutex(blobs)
        self.paths = paths
        self.durable = durable
        let size = blobs.reduce(0) { $0 &+ $1.size }
        isOfMany = blobs.count >= Self.fileSystemThreshold && size <= Self.smallSize
    }

    /// Begins to sync them; those in `known` have rows, and their files were synced before these were written.
    func sync(except known: Set<Digest> = []) {
        guard durable else { return }
        perform { publication throws(StoreError) in try publication.syncContents(except: known) }
    }

    /// Gives them their names when they are synced, and syncs these; those in `named` have rows.
    func publish(by publisher: BlobPublisher, named: Set<Digest>) {
        perform { publication throws(StoreError) in try publication.publish(publisher, named) }
    }

    /// Waits for what was begun, and lets the blobs go; throws what went wrong first.
    ///
    /// Gives what became of each.
    @discardableResult
    func wait() throws(StoreError) -> [(digest: Digest, outcome: BlobPublisher.Outcome)] {
        queue.sync {}
        // Closing thousands of files takes a while.
        queue.async { [self] in blobs.withLock { $0 = [] } }
        if let error = failure.withLock(\.self) { throw error }
        return outcomes.withLock(\.self)
    }

    private func perform(_ step: @escaping @Sendable (BlobPublication) throws(StoreError) -> Void) {
        queue.async { [self] in
            guard failure.withLock({ $0 == nil }) else { return }
            do throws(StoreError) { try step(self) } catch { failure.withLock { $0 = error } }
        }
    }

    private func syncContents(except known: Set<Digest>) throws(StoreError) {
        let unknown = blobs.withLock(\.self).filter { !known.contains($0.digest) }
        if unknown.count >= Self.fileSystemThreshold, let first = unknown.first {
            return try system { () throws(SystemError) in try first.staged.file.syncFileSystem() }
        }
        for blob in unknown { try Self.sync(blob) }
    }

    private func publish(_ publisher: BlobPublisher, _ named: Set<Digest>) throws(StoreError) {
        let buffer = ReadBuffer()
        for blob in blobs.withLock(\.self) {
            let outcome = try publisher.publish(blob, isSynced: !named.contains(blob.digest), buffer: buffer)
            outcomes.withLock { $0.append((blob.digest, outcome)) }
        }
        guard durable else { return }
        // Also when all were there already: whoever made them may not have synced the folder yet.
        try system { () throws(SystemError) in try Directory.sync(paths.blobs) }
    }

    private static func sync(_ blob: StagedBlob) throws(StoreError) {
        try system { () throws(SystemError) in try blob.staged.file.sync() }
    }
}
