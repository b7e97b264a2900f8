import ContentAddress
import OCI
import SystemIO

/// Copies blobs from one store's directory to another's: they are hashed as they are read, and synced before they get
/// their names.
struct BlobCopy {
    let source: any BlobStorage
    let target: StorePaths
    /// Whether blobs that the target has are hashed, and not only looked at.
    let isRehashing: Bool
    let now: Timestamp
    let progress: (Int64) -> Void

    private var blobs: DirectoryBlobs { DirectoryBlobs(paths: target, durable: true) }

    /// Blobs become visible when there is this much of them: what a broken copy may have to read again, in bytes.
    private static let batchSize: Int64 = 64 << 20
    /// Each staged blob is an open file.
    private static let batchCount = 256

    /// Copies those that the target lacks; gives the ones whose files aren't in the source.
    ///
    /// What is wrong with a blob of the source is a fault in the report; what is wrong with the target is thrown.
    func run(_ sizes: [Digest: Int64], into report: inout BackupReport) throws(StoreError) -> [Digest] {
        var missing: [Digest] = []
        var batch: [StagedBlob] = []
        var batchSize: Int64 = 0
        let intake = BlobIntake(staging: target.staging, durable: true, progress: progress)
        let buffer = ReadBuffer()
        for (digest, size) in sizes.sorted(by: { $0.key < $1.key }) {
            if try isThere(digest, size: size, buffer: buffer) {
                report.present += 1
                progress(size)
                continue
            }
            guard try source.isThere(digest) else {
                missing.append(digest)
                continue
            }
            do throws(StoreError) {
                let blob = try stage(digest, by: intake)
                batch.append(blob)
                batchSize += blob.size
                report.blobs += 1
                report.bytes += blob.size
            } catch {
                report.faults.append(try fault(digest, error))
            }
            guard batchSize >= Self.batchSize || batch.count >= Self.batchCount else { continue }
            try publish(batch)
            (batch, batchSize) = ([], 0)
        }
        try publish(batch)
        return missing
    }

    private func isThere(_ digest: Digest, size: Int64, buffer: ReadBuffer) throws(StoreError) -> Bool {
        guard isRehashing else { return blobs.size(of: digest) == size }
        if case .whole = try blobs.look(at: digest, size: size, known: KnownFiles(), buffer: buffer) { return true }
        return false
    }

    private func stage(_ digest: Digest, by intake: BlobIntake) throws(StoreError) -> StagedBlob {
        let blob = try intake.stage(digest, of: source)
        guard blob.digest == digest else {
            let reason = "its \(blob.size) bytes are those of \(blob.digest)"
            throw .damaged(digest: digest, path: source.place(of: digest), reason: reason)
        }
        return blob
    }

    /// What an error says of a blob of the source; throws it when it's about the target.
    private func fault(_ digest: Digest, _ error: StoreError) throws(StoreError) -> BackupReport.Fault {
        let path = source.place(of: digest)
        switch error {
        case .damaged(_, _, let reason): return .init(digest: digest, path: path, reason: reason)
        case .notFound: return .init(digest: digest, path: path, reason: "there is no such file")
        case .sourceChanged: return .init(digest: digest, path: path, reason: "it changed while it was read")
        case .system(let error) where error.path == path:
            return .init(digest: digest, path: path, reason: error.description)
        default: throw error
        }
    }

    private func publish(_ staged: [StagedBlob]) throws(StoreError) {
        guard !staged.isEmpty else { return }
        let publisher = BlobPublisher(staged, to: blobs)
        publisher.sync()
        publisher.publish(PublishTerms(time: now))
        try publisher.finishLocked()
    }
}
