internal import ArtifactStore
internal import ContentAddress
internal import SystemIO

extension Store {
    /// Reads a blob and compares its bytes with its name.
    ///
    /// Read rather than mapped: a disk that fails while it is read is then an error, and no signal.
    func checkBlob(_ digest: Digest, _ progress: (Int64) -> Void = { _ in }) throws(AssemblerError) {
        let file = try opened(digest)
        let found = try system { () throws(SystemError) in try file.digest(progress) }
        guard found == digest else {
            throw .store(.damaged(digest: digest, path: paths.blob(digest), reason: "its bytes are those of \(found)"))
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

extension File {
    /// The digest of all that follows the current position.
    func digest(_ progress: (Int64) -> Void = { _ in }) throws(SystemError) -> Digest {
        var hasher = DigestHasher()
        let size = 256 << 10
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try read(into: buffer)
            guard count > 0 else { return hasher.finalize() }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            progress(Int64(count))
        }
    }
}
