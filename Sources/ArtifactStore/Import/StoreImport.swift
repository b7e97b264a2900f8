import Archive
package import ContentAddress
import GRDB
import OCI
import Release
import SystemIO

/// Brings releases and images of another store into this one: blobs first, as many at a time as one sync is worth, and
/// then one transaction that names them all.
///
/// One that is broken off has changed nothing, and the blobs that arrived stay until a collection takes them: the next
/// import doesn't copy them again. For one thread.
package final class StoreImport {
    /// The blobs that are still to be brought in.
    package private(set) var missing: Set<Digest>

    let store: Store
    let request: ImportRequest
    private let publication: Publication
    private let isRecorded: Bool
    // What is released, by what it is called.
    private let files: [Digest: String]
    private var readings: [Digest: BinaryReading] = [:]
    private var archives: [Digest: ArchiveContents] = [:]
    private let budget = WorkBudget()
    private var staged: [StagedBlob] = []
    private var stagedSize: Int64 = 0
    private var copied = 0

    /// Blobs are made visible when there is this much of them: what a broken import may have to read again, in bytes.
    private static let batchSize: Int64 = 64 << 20
    /// Each staged blob is an open file.
    private static let batchCount = 256

    private init(
        _ store: Store,
        _ request: ImportRequest,
        _ publication: Publication,
        isRecorded: Bool,
        missing: Set<Digest>
    ) {
        self.store = store
        self.request = request
        self.publication = publication
        self.isRecorded = isRecorded
        self.missing = missing
        files = Dictionary(request.artifacts.map { ($0.digest, $0.fileName) }) { first, _ in first }
    }

    /// Looks for what is missing, and leases what is asked for where anything is to be done.
    fileprivate static func begin(_ store: Store, _ request: ImportRequest) throws(StoreError) -> StoreImport {
        guard store.isWritable else { throw .readOnly(path: store.paths.root) }
        let publication = Publication(in: store)
        let isKnown = try Self.isRecorded(request, in: store)
        let sizes = request.blobs.mapValues(Optional.some)
        var examination = try store.examine(sizes)
        let isRecorded = isKnown && examination.faults.isEmpty
        if !isRecorded {
            try publication.hold(request.blobs.keys.sorted())
            // Again: a collection may have run before the lease.
            examination = try store.examine(sizes, known: examination.knownFiles)
        }
        return StoreImport(store, request, publication, isRecorded: isRecorded, missing: Set(examination.faults.keys))
    }

    /// Whether there is nothing to do; throws when a key of the request is taken.
    fileprivate static func isRecorded(_ request: ImportRequest, in store: Store) throws(StoreError) -> Bool {
        try store.index.read { db in
            var isRecorded = true
            for artifact in request.artifacts {
                let pending = try PendingArtifact(artifact, of: request, reading: nil)
                guard let released = try pending.released(in: db) else {
                    isRecorded = false
                    continue
                }
                // A seal names the annotations, too.
                if pending.demands.contains(.annotations), released.annotations != pending.annotations {
                    isRecorded = false
                }
            }
            for image in request.images where try !ImageRows.isRecorded(image, layers: [], in: db) {
                isRecorded = false
            }
            for referrer in request.referrers where try !ReferrerRows.exists(referrer.digest, in: db) {
                isRecorded = false
            }
            return try isRecorded && Self.isRecorded(request.proofs, in: db)
        }
    }

    /// Takes one of the missing blobs: `write` is given a sink and hands it all bytes.
    ///
    /// They are hashed while they are written. Returns digest and size of what was written; when they are other than
    /// was asked for, nothing of it is kept. Throws what `write` throws.
    package func add(
        _ digest: Digest,
        _ write: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws -> (digest: Digest, size: Int64) {
        let blob = try store.stage(write)
        guard blob.digest == digest, blob.size == request.blobs[digest] else { return (blob.digest, blob.size) }
        staged.append(blob)
        stagedSize += blob.size
        missing.remove(digest)
        copied += 1
        if stagedSize >= Self.batchSize || staged.count >= Self.batchCount { try flush() }
        return (blob.digest, blob.size)
    }

    /// Names all of it in one transaction; at return it is on stable storage.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` for a blob that was never added, and
    /// ``StoreError/conflict(released:offered:path:)`` when a key was taken meanwhile: nothing has changed then.
    package func commit() throws(StoreError) -> ImportResult {
        if let digest = missing.min() { throw .notFound(what: "the blob \(digest)", hint: nil) }
        guard !isRecorded else { return try present() }
        try flush()
        // Also when nothing was copied: whoever was broken off may not have waited for the names.
        try store.blobs.syncNames()
        try readFiles()
        return try write()
    }

    // Lease, sync and link, of the write order, for what is staged (docs/store-format.md).
    private func flush() throws(StoreError) {
        guard !staged.isEmpty else { return }
        // Again: an import may take longer than a lease.
        try publication.hold(staged.map(\.digest))
        for blob in staged { read(blob.staged.file, of: blob.digest) }
        try publication.publish(staged, named: [])
        staged = []
        stagedSize = 0
    }

    /// Reads what programs say of themselves, and archives hold, that were there before.
    private func readFiles() throws(StoreError) {
        let unread = files.keys.filter { readings[$0] == nil }
        for (digest, reading) in try store.knownBlobs(unread) { readings[digest] = reading }
        for digest in unread where readings[digest] == nil { read(try store.openBlob(digest), of: digest) }
    }

    private func read(_ file: borrowing File, of digest: Digest) {
        guard let name = files[digest] else { return }
        let reading = BinaryFacts.read(file)
        readings[digest] = reading
        if reading.facts == nil { archives[digest] = ArchiveContents.read(file, name: name, budget: budget) }
    }

    // Commit, of the write order.
    private func write() throws(StoreError) -> ImportResult {
        let source: [String: JSONValue] = ["source": .string(request.source)]
        return try publication.commit(request.blobs.keys.sorted()) { db, time, actor in
            let artifacts = try request.artifacts.map { artifact in
                let digest = artifact.digest
                let reading = readings[digest]
                var more = source
                if request.proofs.unsigned.contains(artifact.key.release) { more["unsigned"] = .bool(true) }
                return try PendingArtifact(
                    artifact,
                    of: request,
                    reading: reading,
                    archive: archives[digest]
                ).insert(into: db, at: time, by: actor, more: more)
            }
            let images = try request.images.map { image in
                let isNew = try !ImageRows.isRecorded(image, layers: [], in: db)
                if isNew {
                    for digest in image.blobs {
                        try BlobRows.insert(digest, size: request.blobs[digest] ?? 0, at: time, in: db)
                    }
                    try ImageRows.insert(image, at: time, by: actor, more: source, in: db)
                }
                return ImportResult.Image(record: image, isNew: isNew)
            }
            for referrer in request.referrers where try !ReferrerRows.exists(referrer.digest, in: db) {
                for digest in referrer.blobs {
                    try BlobRows.insert(digest, size: request.blobs[digest] ?? 0, at: time, in: db)
                }
                try ReferrerRows.insert(referrer, at: time, by: actor, more: source, in: db)
            }
            try write(request.proofs, from: request.source, at: time, in: db)
            return result(artifacts, images)
        }
    }

    /// What is there already, with nothing written.
    private func present() throws(StoreError) -> ImportResult {
        try store.index.read { db in
            let artifacts = try request.artifacts.map { artifact in
                let pending = try PendingArtifact(artifact, of: request, reading: nil)
                // Removed since it was asked for.
                guard let released = try pending.released(in: db) else { throw StoreError.collected(artifact.digest) }
                return PutResult(artifact: released, isNew: false, differences: pending.differences(from: released))
            }
            return result(artifacts, request.images.map { ImportResult.Image(record: $0, isNew: false) })
        }
    }

    private func result(_ artifacts: [PutResult], _ images: [ImportResult.Image]) -> ImportResult {
        ImportResult(
            artifacts: artifacts,
            images: images,
            blobsCopied: copied,
            blobsPresent: request.blobs.count - copied
        )
    }
}

extension Store {
    /// Starts an import.
    ///
    /// Throws ``StoreError/conflict(released:offered:path:)`` for a key that is released with other bytes, and
    /// ``StoreError/removed(_:offered:path:)`` for one that was removed with others, before anything is copied;
    /// ``StoreError/readOnly(path:)`` for a store that can't be changed.
    package func beginImport(_ request: ImportRequest) throws(StoreError) -> StoreImport {
        try StoreImport.begin(self, request)
    }

    /// Throws what ``beginImport(_:)`` throws for keys that are taken; changes nothing.
    package func checkImport(_ request: ImportRequest) throws(StoreError) {
        _ = try StoreImport.isRecorded(request, in: self)
    }
}
