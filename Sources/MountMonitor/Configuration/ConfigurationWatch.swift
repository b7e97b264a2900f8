import NIOCore
import Synchronization

/// Reads the configuration again when its file changes, or when it is asked to, on a thread of its own: the file may
/// lie on a mount that hangs.
///
/// Looks at what the path leads to, so that it also notices a link that was turned to another file, as a ConfigMap's
/// is.
final class ConfigurationWatch: Sendable {
    /// From one look to the next.
    static let interval = TimeAmount.seconds(1)

    private struct State {
        /// The file as it was when it was read last; nil where it wasn't there.
        var known: OperatingSystem.FileFacts?
        /// A change that was seen once: it is read when it stands for one more look, since it may be half written.
        var candidate: OperatingSystem.FileFacts??
        var isLooking = false
        var isOn = false
        var isStopped = false
        var result: Result<ConfigurationSource.Loaded, ConfigurationError>?
    }

    private let source: ConfigurationSource
    private let loop: any EventLoop
    private let thread = WorkerThread()
    private let state: Mutex<State>
    /// Called on the watch's thread when there is a result to `take`.
    private let notify: @Sendable () -> Void

    init(
        _ source: ConfigurationSource,
        known: OperatingSystem.FileFacts?,
        loop: any EventLoop,
        notify: @escaping @Sendable () -> Void
    ) {
        self.source = source
        self.loop = loop
        self.notify = notify
        state = Mutex(State(known: known))
    }

    /// Looks for changes from now on, or no longer.
    func follow(_ isOn: Bool) {
        let mustStart = state.withLock { state in
            defer { state.isOn = isOn }
            return isOn && !state.isOn && !state.isStopped
        }
        guard mustStart else { return }
        // The thread starts now, so that the program's threads are all there from the beginning.
        _ = thread.submit {}
        schedule()
    }

    /// Reads the file, whether it changed or not.
    func readNow() {
        _ = thread.submit { [self] in read(seen: try? OperatingSystem.facts(path: source.fileName)) }
    }

    /// What was read since the last time; nil when nothing was.
    func take() -> Result<ConfigurationSource.Loaded, ConfigurationError>? {
        state.withLock { state in
            defer { state.result = nil }
            return state.result
        }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        thread.stop()
    }

    private func schedule() {
        loop.scheduleTask(in: ConfigurationWatch.interval) { [self] in
            let (goesOn, mustLook) = state.withLock { state in
                let goesOn = state.isOn && !state.isStopped
                let mustLook = goesOn && !state.isLooking
                if mustLook { state.isLooking = true }
                return (goesOn, mustLook)
            }
            if mustLook, thread.submit({ [self] in look() }) != nil { state.withLock { $0.isLooking = false } }
            if goesOn { schedule() }
        }
    }

    // On the watch's thread.
    private func look() {
        let now = try? OperatingSystem.facts(path: source.fileName)
        let isDue = state.withLock { state in
            state.isLooking = false
            // What isn't a file and wasn't one before, such as a pipe, is read once.
            let isFile = now?.isRegularFile != false || state.known?.isRegularFile != false
            guard now?.fingerprint != state.known?.fingerprint, isFile else {
                state.candidate = nil
                return false
            }
            defer { state.candidate = .some(now) }
            return state.candidate?.map(\.fingerprint) == .some(now?.fingerprint)
        }
        guard isDue else { return }
        if now?.isRegularFile == false {
            // Reading it might never end.
            finish(.failure(source.failure("is not a regular file")), seen: now)
        } else {
            read(seen: now)
        }
    }

    private func read(seen: OperatingSystem.FileFacts?) {
        do throws(ConfigurationError) {
            finish(.success(try source.load(waitsForWriter: false)), seen: seen)
        } catch {
            finish(.failure(error), seen: seen)
        }
    }

    private func finish(
        _ result: Result<ConfigurationSource.Loaded, ConfigurationError>,
        seen: OperatingSystem.FileFacts?
    ) {
        state.withLock { state in
            state.known = (try? result.get())?.facts ?? seen
            state.candidate = nil
            state.result = result
        }
        notify()
    }
}
