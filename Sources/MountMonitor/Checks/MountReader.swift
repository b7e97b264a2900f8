internal import NIOPosix

/// The thread that a mount's blocking calls are made on, and no other: it may hang for ever and harm nobody.
///
/// The thread is made at the first read and kept; `CheckRound` sees to it that there is one read at a time.
final class MountReader: MountReading {
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let run: @Sendable () -> String?

    /// A reader that runs that check.
    convenience init(_ check: MountCheck) {
        self.init {
            do throws(MountCheckFailure) {
                try check.run()
                return nil
            } catch {
                return error.description
            }
        }
    }

    /// A reader that calls `run`, which blocks and says why the mount failed, or nil.
    init(run: @escaping @Sendable () -> String?) {
        self.run = run
        pool.start()
    }

    /// Makes the calls on the reader's thread, and `completion` after them, on the same thread.
    func read(_ completion: @escaping @Sendable (_ failure: String?) -> Void) {
        pool.submit { [run] state in
            guard state == .active else { return }
            completion(run())
        }
    }

    /// Lets the thread end, once it comes back from what it hangs in.
    func stop() { pool.shutdownGracefully { _ in } }

    deinit { stop() }
}
