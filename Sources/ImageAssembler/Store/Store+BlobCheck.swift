import ArtifactStore
import ContentAddress
import SystemIO

extension Store {
    /// Reads a blob and compares its bytes with its name; gives the file's status, which was the same before and after.
    ///
    /// Read rather than mapped: a disk that fails while it is read is then an error, and no signal.
    @discardableResult
    func checkBlob(_ digest: Digest, _ progress: (Int64) -> Void = { _ in }) throws(AssemblerError) -> FileStatus {
        let file = try opened(digest)
        let before = try system { () throws(SystemError) in try file.status() }
        let found = try system { () throws(SystemError) in try file.digest(progress) }
        let after = try system { () throws(SystemError) in try file.status() }
        guard found == digest, before == after else {
            throw .store(.damaged(digest: digest, path: paths.blob(digest), reason: "its bytes are those of \(found)"))
        }
        return after
    }

    /// Whether a blob has this size, and is known to be unchanged since its bytes were compared with its name.
    func isKnown(_ digest: Digest, size: Int64) throws(AssemblerError) -> Bool {
        let file = try opened(digest)
        let status = try system { () throws(SystemError) in try file.status() }
        guard status.size == size else { return false }
        do {
            return try isUnchanged(digest, status)
        } catch {
            throw .store(error)
        }
    }
}

extension Store {
    /// Opens a blob, with errors of this module.
    func opened(_ digest: Digest) throws(AssemblerError) -> File {
        do {
            return try openBlob(digest)
        } catch {
            throw .store(error)
        }
    }
}
