internal import ContentAddress
internal import SystemIO

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

    /// Makes the bytes visible in the store, read-only, under their digest.
    ///
    /// Their content must be on stable storage. A blob that is there already is kept, after its size is compared.
    /// Returns whether it wasn't.
    @discardableResult
    func publish(_ paths: StorePaths) throws(StoreError) -> Bool {
        let path = paths.blob(digest)
        let isNew = try system { () throws(SystemError) in
            try staged.file.setMode(0o444)
            return try staged.link(to: path)
        }
        guard !isNew else { return true }
        let stored = try system { () throws(SystemError) in try FileStatus.of(path) }
        guard stored.kind == .file, stored.size == size else {
            throw .damaged(
                digest: digest,
                path: path,
                reason: "it has \(stored.size) bytes, and the bytes of this digest are \(size)"
            )
        }
        return false
    }
}
