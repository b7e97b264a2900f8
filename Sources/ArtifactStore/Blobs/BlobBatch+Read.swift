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

    /// Hands out the bytes of a blob of the batch, in pieces.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` when it isn't in the batch, and what the sink throws.
    package func read(_ digest: Digest, _ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let blob = staged(digest) else { throw StoreError.notFound(what: "the blob \(digest)", hint: nil) }
        let buffer = ReadBuffer()
        var offset: Int64 = 0
        while case let count = try blob.staged.file.read(into: buffer.bytes, at: offset), count > 0 {
            try sink(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
            offset += Int64(count)
        }
    }
}
