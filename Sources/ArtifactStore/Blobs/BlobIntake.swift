import ContentAddress
import Glibc
import SystemIO

/// Takes the bytes of one file into staging, in one pass that reads, hashes and writes.
struct BlobIntake {
    let staging: String
    let durable: Bool
    /// Called with the number of bytes taken since the last call; below 0 before a file is read again.
    let progress: (Int64) -> Void

    /// One for all small files of a call: fresh memory for each would cost more than their bytes.
    private let buffer = ReadBuffer()

    /// Space is reserved for files from here on; smaller ones are left to the file system's own late allocation.
    private static let reserveThreshold: Int64 = 1 << 20

    /// Bytes after which write-back starts, so that the disk works while the rest is read.
    private static let writebackStep: Int64 = 8 << 20

    /// Takes a regular file.
    ///
    /// Throws ``StoreError/sourceChanged(path:)`` when it changes meanwhile.
    func stage(path: String) throws(StoreError) -> (blob: StagedBlob, mode: UInt16) {
        try stage(path) { () throws(StoreError) in try open(path) }
    }

    /// Takes a blob of a storage, whatever its bytes are.
    ///
    /// Throws what ``BlobStorage/open(_:)`` throws, and ``StoreError/sourceChanged(path:)`` when it changes meanwhile.
    func stage(_ digest: Digest, of storage: any BlobStorage) throws(StoreError) -> StagedBlob {
        try stage(storage.place(of: digest)) { () throws(StoreError) in try storage.open(digest) }.blob
    }

    private func stage(
        _ path: String,
        opening: () throws(StoreError) -> File
    ) throws(StoreError) -> (blob: StagedBlob, mode: UInt16) {
        // A second time where only the metadata changed: FUSE tells an old time of a file that was just linked, until it
        // is read, and a link or a mode alone changes no bytes.
        for attempt in 1...2 {
            let source = try opening()
            let before = try status(of: source)
            guard before.kind == .file else { throw .notARegularFile(path: path, kind: before.kind) }
            let blob = try copy(source, expecting: before)
            let after = try status(of: source)
            let isSame = after.modified == before.modified && blob.size == before.size
            if isSame, after.changed == before.changed { return (blob, UInt16(before.mode & 0o777)) }
            guard isSame, attempt == 1 else { break }
            progress(-blob.size)
        }
        throw .sourceChanged(path: path)
    }

    /// Takes all that an open file or pipe yields until its end.
    func stage(stream: borrowing File) throws(StoreError) -> StagedBlob {
        try copy(stream, expecting: nil)
    }

    private func status(of file: borrowing File) throws(StoreError) -> FileStatus {
        do { return try file.status() } catch { throw .system(error) }
    }

    private func open(_ path: String) throws(StoreError) -> File {
        do {
            // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
            return try File.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        } catch {
            // A socket can't be opened at all: say what it is rather than ENXIO.
            if let status = try? FileStatus.of(path), status.kind != .file, status.kind != .directory {
                throw .notARegularFile(path: path, kind: status.kind)
            }
            throw .system(error)
        }
    }

    private func copy(_ source: borrowing File, expecting status: FileStatus?) throws(StoreError) -> StagedBlob {
        do {
            let staged = try StagedFile.create(in: staging)
            let hasHoles = status.map { $0.allocatedSize < $0.size } ?? false
            if let status, !hasHoles, status.size >= Self.reserveThreshold { try staged.file.reserve(status.size) }
            let (digest, size) =
                if let status, status.size <= Int64(ReadBuffer.size) {
                    try copySmall(source, to: staged.file, limit: status.size)
                } else {
                    try copyLarge(source, to: staged.file, limit: status?.size ?? .max, skippingZeros: hasHoles)
                }
            return StagedBlob(staged, digest: digest, size: size)
        } catch {
            throw .system(error)
        }
    }

    // Ends soon after `limit`, the size that the source had: one that grows as fast as it is read has no end.
    private func copySmall(
        _ source: borrowing File,
        to target: borrowing File,
        limit: Int64
    ) throws(SystemError) -> (Digest, Int64) {
        var offset: Int64 = 0
        return try Digest.of(
            into: buffer.bytes,
            atMost: limit + 1,
            reading: { bytes throws(SystemError) in try source.read(into: bytes) },
            passing: { bytes throws(SystemError) in
                try target.write(bytes, at: offset)
                offset += Int64(bytes.count)
                progress(Int64(bytes.count))
            }
        )
    }

    private func copyLarge(
        _ source: borrowing File,
        to target: borrowing File,
        limit: Int64,
        skippingZeros: Bool
    ) throws(SystemError) -> (Digest, Int64) {
        var started: Int64 = 0
        let (digest, size) = try ConcurrentHasher.read(source, limit: limit) {
            (buffer, count, offset) throws(SystemError) in
            if !(skippingZeros && buffer.isZero(count)) {
                try target.write(buffer.prefix(count), at: offset)
            }
            progress(Int64(count))
            let end = offset + Int64(count)
            if durable, end - started >= Self.writebackStep {
                target.startWriteback(from: started, count: end - started)
                started = end
            }
        }
        if skippingZeros { try target.setSize(size) }
        return (digest, size)
    }
}
