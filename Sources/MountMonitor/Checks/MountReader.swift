import Synchronization

/// The thread that a mount's blocking calls are made on, and no other.
///
/// The thread is made at the first read and kept; `CheckRound` sees to it that there is one read at a time.
final class MountReader: MountReading {
    private let thread = WorkerThread()
    private let run: @Sendable () -> String?

    /// A reader that makes the mount's checks.
    convenience init(_ check: MountCheck, _ names: WriteCheckNames) {
        let writes = Mutex(
            check.writeInterval.map { WriteCheck(directory: check.path, name: names.next(), interval: $0) }
        )
        self.init {
            do throws(MountCheckFailure) {
                try check.run()
                // Nobody else holds it: the checks of a mount are made one after the other.
                try writes.withLock { (writes) throws(MountCheckFailure) in try writes?.run() }
                return nil
            } catch {
                return error.description
            }
        }
    }

    /// A reader that calls `run`, which blocks and says why the mount failed, or nil.
    init(run: @escaping @Sendable () -> String?) { self.run = run }

    /// Makes the calls on the reader's thread, and `completion` after them, on the same thread.
    func read(_ completion: @escaping @Sendable (_ failure: String?) -> Void) {
        if let failure = thread.submit({ [run] in completion(run()) }) { completion(failure) }
    }

    /// Lets the thread end, once it comes back from what it hangs in.
    func stop() { thread.stop() }
}
