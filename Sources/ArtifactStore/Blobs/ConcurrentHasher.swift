internal import ContentAddress
internal import Dispatch
internal import Synchronization

/// A SHA-256 on a thread of its own, so that hashing runs beside reading and writing.
final class ConcurrentHasher: Sendable {
    private let queue = DispatchQueue(label: "bindery.hash", qos: .userInitiated)
    private let hasher = Mutex<DigestHasher?>(DigestHasher())
    private let free: DispatchSemaphore
    private let buffers: [ReadBuffer]

    init(depth: Int = 4) {
        free = DispatchSemaphore(value: depth)
        buffers = (0..<depth).map { _ in ReadBuffer() }
    }

    /// A buffer that is not being hashed, for the `round`-th read.
    ///
    /// Waits for one.
    func buffer(for round: Int) -> ReadBuffer {
        free.wait()
        return buffers[round % buffers.count]
    }

    /// Hashes the first bytes of a buffer after all that were given before, and frees the buffer then.
    func add(_ buffer: ReadBuffer, count: Int) {
        queue.async { [self] in
            hasher.withLock { hasher in
                hasher?.update(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
            }
            free.signal()
        }
    }

    /// Gives back a buffer that was not needed.
    func release() {
        free.signal()
    }

    /// Waits for all that was given, and names it.
    func finalize() -> Digest {
        queue.sync {
            hasher.withLock { hasher in
                guard let finished = hasher.take() else { preconditionFailure("a hash is finalized once") }
                return finished.finalize()
            }
        }
    }
}
