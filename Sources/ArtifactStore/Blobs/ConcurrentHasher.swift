import ContentAddress
import Dispatch
import Synchronization
import SystemIO

/// A SHA-256 on a thread of its own, so that hashing runs beside reading and writing.
final class ConcurrentHasher: Sendable {
    private let queue = DispatchQueue(label: "bindery.hash", qos: .userInitiated)
    private let hasher = Mutex<DigestHasher?>(DigestHasher())
    private let free: DispatchSemaphore
    private let buffers: [ReadBuffer]

    private init(depth: Int = 4) {
        free = DispatchSemaphore(value: depth)
        buffers = (0..<depth).map { _ in ReadBuffer() }
    }

    /// Reads a file to its end and hashes it, beside what `body` does with each piece: its buffer, its length in bytes,
    /// and its offset.
    ///
    /// Ends soon after `limit` bytes: a file that grows as fast as it is read has no end.
    static func read(
        _ source: borrowing File,
        limit: Int64 = .max,
        _ body: (ReadBuffer, Int, Int64) throws(SystemError) -> Void
    ) throws(SystemError) -> (digest: Digest, size: Int64) {
        let hasher = ConcurrentHasher()
        var size: Int64 = 0
        do throws(SystemError) {
            for round in 0... {
                let count = try hasher.fill(round, from: source)
                guard count > 0 else { break }
                try body(hasher.buffers[round % hasher.buffers.count], count, size)
                size += Int64(count)
                if size > limit { break }
            }
        } catch {
            _ = hasher.finalize()
            throw error
        }
        return (hasher.finalize(), size)
    }

    /// Reads into a buffer that is not being hashed, and starts hashing it; 0 at the end.
    private func fill(_ round: Int, from source: borrowing File) throws(SystemError) -> Int {
        free.wait()
        let buffer = buffers[round % buffers.count]
        let count: Int
        do throws(SystemError) {
            count = try source.read(into: buffer.bytes)
        } catch {
            free.signal()
            throw error
        }
        guard count > 0 else {
            free.signal()
            return 0
        }
        queue.async { [self] in
            hasher.withLock { hasher in
                hasher?.update(buffer.prefix(count))
            }
            free.signal()
        }
        return count
    }

    private func finalize() -> Digest {
        queue.sync {
            hasher.withLock { hasher in
                guard let finished = hasher.take() else { preconditionFailure("a hash is finalized once") }
                return finished.finalize()
            }
        }
    }
}
