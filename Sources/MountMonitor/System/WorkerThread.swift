import Synchronization

/// A thread for calls that block, made one after the other; it may hang in one for ever and harm nobody.
///
/// The thread starts with the first job.
final class WorkerThread: Sendable {
    typealias Job = @Sendable () -> Void

    /// What the thread shares with its owner, so that it outlives the owner while it hangs.
    private final class Queue: Sendable {
        struct State {
            var jobs: [Job] = []
            var hasThread = false
            var isStopped = false
        }

        let state = Mutex(State())
        let wakeUp = OperatingSystem.Semaphore()

        func work() {
            while true {
                wakeUp.wait()
                let job = state.withLock { state -> Job? in
                    state.jobs.isEmpty ? nil : state.jobs.removeFirst()
                }
                if let job {
                    job()
                } else if state.withLock({ $0.isStopped }) {
                    return
                }
            }
        }
    }

    private let queue = Queue()

    deinit { stop() }

    /// Puts a job at the queue's end; why there is no thread to do it, or nil.
    ///
    /// Never blocks.
    func submit(_ job: @escaping Job) -> String? {
        let failure = queue.state.withLock { state -> String? in
            guard !state.isStopped else { return "it was stopped" }
            if !state.hasThread {
                if let error = OperatingSystem.startThread(queue.work) { return "no thread: \(error)" }
                state.hasThread = true
            }
            state.jobs.append(job)
            return nil
        }
        if failure == nil { queue.wakeUp.post() }
        return failure
    }

    /// Leaves out jobs that have not begun, and lets the thread end, once it comes back from what it hangs in.
    func stop() {
        let isNew = queue.state.withLock { state in
            defer { (state.isStopped, state.jobs) = (true, []) }
            return !state.isStopped
        }
        if isNew { queue.wakeUp.post() }
    }
}
