package import ContentAddress
import SystemIO

extension BlobBatch {
    /// The bytes of a small blob of the batch.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` when it isn't in the batch.
    package func bytes(of digest: Digest) throws(StoreError) -> [UInt8] {
        guard let blob = staged(digest) else { throw .notFound(what: "the blob \(digest)", hint: nil) }
        let mapped = try system { () throws(SystemError) in try MappedFile(blob.staged.file) }
        return Array(mapped.bytes)
    }

    /// Reads bytes of a blob of the batch from an offset on; 0 at its end, nil when it isn't in the batch.
    package func read(
        _ digest: Digest,
        into buffer: UnsafeMutableRawBufferPointer,
        at offset: Int64
    ) throws(StoreError) -> Int? {
        guard let blob = staged(digest) else { return nil }
        return try system { () throws(SystemError) in try blob.staged.file.read(into: buffer, at: offset) }
    }

    /// Hands out the bytes of a blob of the batch, in pieces.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` when it isn't in the batch, and what the sink throws.
    package func read(_ digest: Digest, _ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let blob = staged(digest) else { throw StoreError.notFound(what: "the blob \(digest)", hint: nil) }
        var offset: Int64 = 0
        try ReadBuffer().pass(
            from: { try blob.staged.file.read(into: $0, at: offset) },
            to: { bytes in
                try sink(bytes)
                offset += Int64(bytes.count)
            }
        )
    }
}
