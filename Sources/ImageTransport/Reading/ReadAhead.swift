import Glibc
import SystemIO

/// Runs a reader on a thread of its own, a few buffers ahead of whoever takes them: reading, checking and inflating on
/// one core while the other parses and hashes.
///
/// ``next()`` is called from one thread. The reader is made, used and dropped on the other one.
final class ReadAhead: @unchecked Sendable {
    /// Large enough that the hand-over costs nothing, small enough to stay in the second-level cache.
    private static let bufferSize = 256 << 10
    private static let bufferCount = 4

    // All of these are touched under the lock only, except a buffer's bytes: those belong to the thread that fills it,
    // then to the one that takes it.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let buffers: [UnsafeMutableRawBufferPointer]
    private var counts: [Int]
    private var filled = 0
    private var nextToFill = 0
    private var nextToTake = 0
    private var holdsBuffer = false
    private var outcome: Result<Void, TransportError>?
    private var isCancelled = false
    private var thread: pthread_t?
    private let open: @Sendable () throws(TransportError) -> any BlobReader

    /// Starts the thread, which opens the reader.
    init(_ open: @escaping @Sendable () throws(TransportError) -> any BlobReader) {
        self.open = open
        buffers = (0..<Self.bufferCount).map { _ in .allocate(byteCount: Self.bufferSize, alignment: 4096) }
        counts = buffers.map { _ in 0 }
        pthread_mutex_init(lock, nil)
        pthread_cond_init(changed, nil)
        start()
    }

    deinit {
        pthread_mutex_destroy(lock)
        pthread_cond_destroy(changed)
        lock.deallocate()
        changed.deallocate()
        for buffer in buffers { buffer.deallocate() }
    }

    /// The next bytes, valid until the next call; nil at the end.
    func next() throws(TransportError) -> UnsafeRawBufferPointer? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        if holdsBuffer {
            holdsBuffer = false
            filled -= 1
            nextToTake = (nextToTake + 1) % buffers.count
            pthread_cond_broadcast(changed)
        }
        while filled == 0 {
            // What was read before an error is handed out before the error.
            if let outcome {
                try outcome.get()
                return nil
            }
            pthread_cond_wait(changed, lock)
        }
        holdsBuffer = true
        return UnsafeRawBufferPointer(rebasing: buffers[nextToTake][..<counts[nextToTake]])
    }

    /// Stops the thread and waits for it.
    ///
    /// Must be called once, whether or not the end was reached.
    func stop() {
        pthread_mutex_lock(lock)
        isCancelled = true
        pthread_cond_broadcast(changed)
        let thread = thread
        self.thread = nil
        pthread_mutex_unlock(lock)
        if let thread { pthread_join(thread, nil) }
    }

    private func start() {
        var thread = pthread_t()
        // The thread keeps the object alive until it ends.
        let context = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<ReadAhead>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        if status == 0 {
            self.thread = thread
        } else {
            context.release()
            outcome = .failure(.system(SystemError(call: "start", path: "a thread", code: status)))
        }
    }

    private func run() {
        var result: Result<Void, TransportError> = .success(())
        do throws(TransportError) {
            let reader = try open()
            while let position = waitForRoom() {
                let count = try reader.readFully(into: buffers[position])
                if count > 0 { publish(count) }
                // A short buffer is the end; one more read lets the reader make its checks.
                if count < buffers[position].count {
                    var spare: UInt8 = 0
                    try withUnsafeMutableBytes(of: &spare) { buffer throws(TransportError) in
                        _ = try reader.read(into: buffer)
                    }
                    break
                }
            }
        } catch {
            result = .failure(error)
        }
        pthread_mutex_lock(lock)
        outcome = result
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(lock)
    }

    // nil when nobody wants more.
    private func waitForRoom() -> Int? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while filled == buffers.count, !isCancelled { pthread_cond_wait(changed, lock) }
        return isCancelled ? nil : nextToFill
    }

    private func publish(_ count: Int) {
        pthread_mutex_lock(lock)
        counts[nextToFill] = count
        nextToFill = (nextToFill + 1) % buffers.count
        filled += 1
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(lock)
    }
}
