internal import ContentAddress
internal import Dispatch
internal import ELF
internal import Glibc
internal import Logging
internal import OCI
internal import Synchronization
internal import SystemIO

extension Store {
    /// Puts files into the store: all of them or, when one is refused, none.
    ///
    /// At return every file is on stable storage and in the index, with one event for each that is new. Putting the
    /// same bytes under the same key again changes nothing. Files are read once; they share the syncs. `progress` gets
    /// the number of bytes taken since its last call, on any thread.
    ///
    /// Throws ``StoreError/conflict(released:offered:path:)`` for other bytes under a released key, and whatever is wrong
    /// with a file, its name, its platform, or the machine. A crash or an error leaves at most blobs that no key names.
    public func put(
        _ requests: [PutRequest],
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) throws(StoreError) -> [PutResult] {
        guard isWritable else { throw .readOnly(path: paths.root) }
        for request in requests where request.fileName != nil { _ = try request.checkedFileName() }
        let lease = Lease(actor: options.actor, now: now)
        var pending: [PendingArtifact] = []
        // An open file for each staged blob: a part at a time stays below the limit of the process.
        let filesPerSync = min(Self.mostFilesPerSync, max(1, OpenFileLimit.current / 2))
        for start in stride(from: 0, to: requests.count, by: filesPerSync) {
            let part = requests[start..<min(start + filesPerSync, requests.count)]
            pending += try stage(Array(part), lease: lease, progress: progress)
        }
        try Self.checkDuplicates(pending)
        let results = try commit(pending, lease: lease)
        options.logger.debug("committed", metadata: ["artifacts": "\(results.count)"])
        return results
    }

    /// How many files of one call are open at a time, at most.
    public static var mostFilesPerSync: Int { 4096 }

    /// Below this number of files each is synced by itself, above it the whole file system is, once.
    private static var syncFileSystemThreshold: Int { 8 }

    // Steps 1 to 4 of the write order (docs/store-format.md).
    private func stage(
        _ requests: [PutRequest],
        lease: Lease,
        progress: @escaping @Sendable (Int64) -> Void
    ) throws(StoreError) -> [PendingArtifact] {
        let taken = try take(requests, progress: progress)
        let size = taken.reduce(0) { $0 &+ $1.blob.size }
        options.logger.debug("staged", metadata: ["blobs": "\(taken.count)", "bytes": "\(size)"])
        // Before asking what is there: a blob that is known now must still be there when it is named.
        let held = taken.map(\.blob.digest)
        let time = now
        try index.writeUnsynced { try lease.hold(held, now: time, in: $0) }
        let known = try knownBlobs(held)
        let unknown = taken.map(\.blob).filter { known[$0.digest] == nil }
        let readings = try syncAndAnalyse(unknown)
        var pending: [PendingArtifact] = []
        for source in taken {
            let blob = source.blob
            let binary = known[blob.digest] ?? readings[blob.digest] ?? .other
            pending.append(try PendingArtifact(source.request, blob: blob, sourceMode: source.mode, reading: binary))
        }
        // Here once more than in the transaction that decides, so that a refused file leaves no blob behind.
        try index.read { db in
            for item in pending { _ = try item.released(in: db) }
        }
        try publish(taken.map(\.blob), synced: Set(unknown.map(\.digest)))
        return pending
    }

    /// Waits until the blobs' bytes are on stable storage; the disk's work and the reading of ELF files go side by side.
    private func syncAndAnalyse(_ blobs: [StagedBlob]) throws(StoreError) -> [Digest: BinaryReading] {
        let syncing = Mutex<StoreError?>(nil)
        let readings = Mutex<[Digest: BinaryReading]>([:])
        let durable = options.durable
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            if half == 0 {
                guard durable else { return }
                do throws(StoreError) { try Self.sync(blobs) } catch { syncing.withLock { $0 = error } }
            } else {
                for blob in blobs {
                    let reading = BinaryFacts.read(blob.staged.file)
                    readings.withLock { $0[blob.digest] = reading }
                }
            }
        }
        if let error = syncing.withLock(\.self) { throw error }
        return readings.withLock(\.self)
    }

    private static func sync(_ blobs: [StagedBlob]) throws(StoreError) {
        if blobs.count >= syncFileSystemThreshold, let first = blobs.first {
            return try system { () throws(SystemError) in try first.staged.file.syncFileSystem() }
        }
        for blob in blobs {
            try system { () throws(SystemError) in try blob.staged.file.sync() }
        }
    }

    private func publish(_ blobs: [StagedBlob], synced: Set<Digest>) throws(StoreError) {
        for blob in blobs {
            let isNew = try blob.publish(paths)
            // Known by its row, but its file was lost: this put brings it back.
            guard isNew, options.durable, !synced.contains(blob.digest) else { continue }
            try system { () throws(SystemError) in try blob.staged.file.sync() }
        }
        guard options.durable else { return }
        // Also when all were there already: whoever made them may not have synced the folder yet.
        try system { () throws(SystemError) in try Directory.sync(paths.blobs) }
    }

    private static func checkDuplicates(_ pending: [PendingArtifact]) throws(StoreError) {
        var first: [ArtifactKey: PendingArtifact] = [:]
        for item in pending {
            if let other = first[item.key], other.digest != item.digest {
                throw .duplicateKey(item.key, paths: [other.sourceName, item.sourceName])
            }
            first[item.key] = first[item.key] ?? item
        }
    }

    // Step 5 of the write order.
    private func commit(_ pending: [PendingArtifact], lease: Lease) throws(StoreError) -> [PutResult] {
        let time = now
        let results = try index.write { db in
            // Asked for once: it looks into the user database.
            let actor = options.actor
            let results = try pending.map { try $0.insert(into: db, at: time, by: actor) }
            try lease.release(pending.map(\.digest), in: db, paths: paths)
            return results
        }
        return results
    }
}
