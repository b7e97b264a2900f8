package import ContentAddress
import Synchronization
package import SystemIO

/// Blobs on their way into a store: staged, hashed, and not yet visible.
///
/// They become visible together, when ``Store/commit(_:image:layers:)`` records what they are for; a batch that is let go
/// before leaves nothing behind. May be used from several threads.
package final class BlobBatch: Sendable {
    private let staging: String
    private let blobs = Mutex<[Digest: StagedBlob]>([:])

    init(staging: String) {
        self.staging = staging
    }

    /// Adds bytes in memory; gives their digest.
    package func add(_ bytes: [UInt8]) throws(StoreError) -> Digest {
        var writer = try self.writer()
        try bytes.withUnsafeBytesOfStore { buffer throws(StoreError) in try writer.write(buffer) }
        return try writer.finish().digest
    }

    /// Adds what follows the current position of a file; gives its digest and size.
    package func add(contentsOf file: borrowing File) throws -> (digest: Digest, size: Int64) {
        var writer = try self.writer()
        try ReadBuffer().pass(from: { try file.read(into: $0) }, to: { try writer.write($0) })
        return try writer.finish()
    }

    /// Starts a blob that is written in pieces.
    package func writer() throws(StoreError) -> BlobWriter {
        let staging = staging
        return BlobWriter(try system { () throws(SystemError) in try StagedBlobWriter(in: staging) }, batch: self)
    }

    /// The digests and sizes of what is in the batch.
    package var contents: [Digest: Int64] { blobs.withLock { $0.mapValues(\.size) } }

    func keep(_ blob: StagedBlob) { blobs.withLock { $0[blob.digest] = blob } }

    /// A blob of the batch; nil when it isn't in it.
    func staged(_ digest: Digest) -> StagedBlob? { blobs.withLock { $0[digest] } }

    var all: [StagedBlob] { blobs.withLock { Array($0.values) } }
}

/// Writes one blob of a ``BlobBatch``, hashing as it goes.
package struct BlobWriter: ~Copyable {
    private var writer: StagedBlobWriter
    private let batch: BlobBatch

    init(_ writer: consuming StagedBlobWriter, batch: BlobBatch) {
        self.writer = writer
        self.batch = batch
    }

    /// Appends bytes.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        do { try writer.write(bytes) } catch { throw .system(error) }
    }

    /// Ends the blob, which then belongs to the batch; gives its digest and size.
    package consuming func finish() throws(StoreError) -> (digest: Digest, size: Int64) {
        let batch = batch
        let blob = writer.finish()
        batch.keep(blob)
        return (blob.digest, blob.size)
    }
}

extension [UInt8] {
    /// Hands out the bytes, with the store's typed error.
    func withUnsafeBytesOfStore(_ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void) throws(StoreError) {
        let failure: StoreError? = withUnsafeBytes { buffer -> StoreError? in
            do throws(StoreError) {
                try body(buffer)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }
}
