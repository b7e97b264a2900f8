import ContentAddress
import SystemIO

/// Bytes that are in staging and named by their digest, but not yet in the store.
///
/// A class, since an array can't hold what can't be copied.
final class StagedBlob: Sendable {
    let staged: StagedFile
    let digest: Digest
    let size: Int64

    init(_ staged: consuming StagedFile, digest: Digest, size: Int64) {
        self.staged = staged
        self.digest = digest
        self.size = size
    }
}

/// Writes one blob into staging, hashing as it goes.
struct StagedBlobWriter: ~Copyable {
    private var staged: StagedFile
    private var hasher = DigestHasher()
    private var size: Int64 = 0

    init(in staging: String) throws(SystemError) {
        staged = try StagedFile.create(in: staging)
    }

    /// Appends bytes.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        try staged.file.write(bytes, at: size)
        hasher.update(bytes)
        size += Int64(bytes.count)
    }

    consuming func finish() -> StagedBlob {
        let digest = hasher.finalize()
        let size = size
        return StagedBlob(staged, digest: digest, size: size)
    }
}
