package import ContentAddress
import Glibc
import Synchronization
import SystemIO

/// One upload, open for one request, for one thread at a time.
///
/// Let go, it stays as far as it came.
package final class Upload: Sendable {
    private struct State {
        var size: Int64
        /// Of all bytes that are there; nil where another start of the server took them.
        var digest: RunningDigest?
        var isEnded = false
        var isClosed = false
    }

    /// Its name.
    package let id: UploadID
    private let file: File
    private let area: UploadArea
    private let state: Mutex<State>

    /// Bytes after which write-back starts, so that the disk works while the rest comes.
    private static let writebackStep: Int64 = 8 << 20

    init(_ file: consuming File, _ id: UploadID, size: Int64, _ digest: RunningDigest?, area: UploadArea) {
        (self.id, self.area) = (id, area)
        self.file = file
        let digest = digest?.size == size ? digest : size == 0 ? RunningDigest() : nil
        state = Mutex(State(size: size, digest: digest))
    }

    deinit { close() }

    /// Lets it go: from here on another request may have it.
    ///
    /// Whoever answers does this before the answer, which the client's next request may follow at once.
    package func close() {
        let (isOpen, digest) = state.withLock { state in
            defer { state.isClosed = true }
            return (!state.isClosed, state.isEnded ? nil : state.digest)
        }
        guard isOpen else { return }
        if let digest { area.keep(digest, of: id) }
        file.unlock()
    }

    /// How many bytes there are.
    package var size: Int64 { state.withLock(\.size) }

    /// Appends bytes.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        let size = size
        do {
            try file.write(bytes, at: size)
        } catch {
            // A part of them may be there.
            try? file.setSize(size)
            throw .system(error)
        }
        let digest = state.withLock { state in
            state.size = size + Int64(bytes.count)
            return state.digest
        }
        digest?.update(bytes)
        let step = Self.writebackStep
        if size / step != (size + Int64(bytes.count)) / step {
            file.startWriteback(from: size / step * step, count: step)
        }
    }

    /// Lets the bytes behind an offset go.
    package func cut(to size: Int64) throws(StoreError) {
        guard size < self.size else { return }
        try system { () throws(SystemError) in try file.setSize(size) }
        state.withLock { $0 = State(size: size, digest: size == 0 ? RunningDigest() : nil) }
    }

    /// Removes it.
    package func cancel() throws(StoreError) {
        state.withLock { $0.isEnded = true }
        try system { () throws(SystemError) in try Directory.remove(file.path) }
    }

    /// Ends it: a batch with its bytes as a blob, and their digest.
    ///
    /// Nil where these are the bytes of another digest than was promised. Then, and when the batch is let go, nothing is left.
    package func finish(as name: ContentName) throws(StoreError) -> (batch: BlobBatch, digest: Digest)? {
        let (size, running) = state.withLock { state in
            state.isEnded = true
            return (state.size, state.digest)
        }
        // A descriptor of its own: this one has the lock until the request is over.
        let staged = StagedFile(
            adopting: try system { () throws(SystemError) in try File.open(file.path, O_RDWR | O_NOFOLLOW) },
            named: file.path
        )
        if case .long(let wanted) = name {
            var hasher = LongDigestHasher()
            try read { hasher.update($0) }
            guard hasher.finalize() == wanted else { return nil }
        }
        let digest: Digest
        if let known = running?.finalize() {
            digest = known
        } else {
            var hasher = DigestHasher()
            try read { hasher.update($0) }
            digest = hasher.finalize()
        }
        if case .own(let wanted) = name, wanted != digest { return nil }
        let batch = BlobBatch(staging: area.store.paths.staging)
        batch.keep(StagedBlob(staged, digest: digest, size: size))
        return (batch, digest)
    }

    private func read(_ body: (UnsafeRawBufferPointer) -> Void) throws(StoreError) {
        try system { () throws(SystemError) in
            var offset: Int64 = 0
            try ReadBuffer().pass(
                from: { bytes throws(SystemError) in try file.read(into: bytes, at: offset) },
                to: { bytes throws(SystemError) in
                    body(bytes)
                    offset += Int64(bytes.count)
                }
            )
        }
    }
}
