package import ContentAddress
import Glibc
package import SystemIO

extension Store {
    /// Opens a blob for reading; its bytes are to be hashed by whoever reads them.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` when it isn't there, and ``StoreError/damaged(digest:path:reason:)``
    /// when something other than a regular file stands there.
    package func openBlob(_ digest: Digest) throws(StoreError) -> File {
        try blobs.open(digest)
    }

    /// Where a blob is kept, for messages.
    package func place(of digest: Digest) -> String { blobs.place(of: digest) }

    /// A blob's bytes, hashed and compared; for documents, up to a limit.
    ///
    /// Throws ``StoreError/damaged(digest:path:reason:)`` when the bytes aren't those of the digest, or too many.
    package func readBlob(_ digest: Digest, limit: Int = 16 << 20) throws(StoreError) -> [UInt8] {
        let file = try openBlob(digest)
        // Read rather than mapped: a file that is cut off meanwhile would be a signal.
        let bytes = try system { () throws(SystemError) in try file.readBytes(limit: min(limit, .max - 1) + 1) }
        guard bytes.count <= limit else {
            throw damaged(digest, "it has more than the \(limit) bytes that make sense here")
        }
        guard Digest.of(bytes) == digest else { throw damaged(digest, "its bytes are those of \(Digest.of(bytes))") }
        return bytes
    }

    /// Copies a blob to a new file, which gets its name only after the bytes were hashed and compared.
    ///
    /// Replaces what is at `path` unless `replacing` is false. Throws
    /// ``StoreError/damaged(digest:path:reason:)`` when the stored bytes aren't those of the digest: `path` is
    /// untouched.
    package func copyBlob(
        _ digest: Digest,
        to path: String,
        mode: UInt16,
        replacing: Bool = true,
        followingLinks: Bool = false,
        durable: Bool = true,
        progress: (Int64) -> Void = { _ in }
    ) throws(StoreError) {
        let source = try openBlob(digest)
        let target = try system { () throws(SystemError) in
            try AtomicFile.create(path, mode: mode_t(mode), followingLinks: followingLinks)
        }
        try copyVerified(digest, from: source, progress: progress) { bytes, offset throws(SystemError) in
            try target.file.write(bytes, at: offset)
        }
        do {
            try target.commit(replacing: replacing, durable: durable)
        } catch {
            throw .system(error)
        }
    }

    /// Writes a blob's bytes to an open file such as standard output.
    ///
    /// They are hashed and compared before the first is written, since what was written can't be taken back.
    package func writeBlob(_ digest: Digest, to target: borrowing File) throws(StoreError) {
        try copyVerified(
            digest,
            from: try openBlob(digest),
            progress: { _ in },
            sink: { (_, _) throws(SystemError) in }
        )
        let source = try openBlob(digest)
        do {
            try ReadBuffer().pass(
                from: { bytes throws(SystemError) in try source.read(into: bytes) },
                to: { bytes throws(SystemError) in try target.write(bytes) }
            )
        } catch {
            throw .system(error)
        }
    }

    /// Hands a blob's bytes to a sink, in pieces; they turn out to be wrong only at the end.
    ///
    /// Throws ``StoreError/damaged(digest:path:reason:)`` then, and what the sink throws.
    package func readBlob(_ digest: Digest, into sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        let source = try openBlob(digest)
        let found = try Digest.of(reading: { try source.read(into: $0) }, passing: sink).digest
        guard found == digest else { throw damaged(digest, "its bytes are those of \(found)") }
    }

    private func copyVerified(
        _ digest: Digest,
        from source: borrowing File,
        progress: (Int64) -> Void,
        sink: (UnsafeRawBufferPointer, Int64) throws(SystemError) -> Void
    ) throws(StoreError) {
        let found: Digest
        let size: Int64
        do throws(SystemError) {
            (found, size) = try ConcurrentHasher.read(source) { (buffer, count, offset) throws(SystemError) in
                try sink(buffer.prefix(count), offset)
                progress(Int64(count))
            }
        } catch {
            throw .system(error)
        }
        guard found == digest else { throw damaged(digest, "its \(size) bytes are those of \(found)") }
    }

    func damaged(_ digest: Digest, _ reason: String) -> StoreError {
        .damaged(digest: digest, path: place(of: digest), reason: reason)
    }
}
