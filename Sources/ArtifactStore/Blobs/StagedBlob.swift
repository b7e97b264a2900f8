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
