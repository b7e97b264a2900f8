import Glibc
import Synchronization

/// What a process does before `SIGINT`, `SIGTERM` or `SIGHUP` ends it: it undoes what is half done, and says a last word.
///
/// A signal that is ignored, or that something else handles, is left alone.
package enum Interruption {
    private struct State {
        var undoing: [String: @Sendable () -> Void] = [:]
        var text: StaticString?
        var isWatched = false
        var isUnderway = false
    }

    private static let state = Mutex(State())
    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    /// A thread may be writing into a directory that is being removed.
    private static let attempts = 100

    /// Does a step that leaves something under a path which is to be gone when the process is ended before ``keep(_:)``.
    ///
    /// `undo` takes the place of what an earlier step of that path has given; by default it removes the file, or the
    /// directory with all that is in it. No signal ends the process between the step and its note.
    package static func leaving(
        _ path: String,
        _ step: () throws(SystemError) -> Void,
        undo: (@Sendable () -> Void)? = nil
    ) throws(SystemError) {
        watch()
        let failure = state.withLock { state -> SystemError? in
            do throws(SystemError) { try step() } catch { return error }
            state.undoing[path] = undo ?? { remove(path) }
            return nil
        }
        if let failure { throw failure }
    }

    /// Leaves a path to itself: it is gone, or has become what was asked for.
    ///
    /// Doesn't return while the process is being ended.
    package static func keep(_ path: String) {
        let isUnderway = state.withLock { state in
            state.undoing[path] = nil
            return state.isUnderway
        }
        while isUnderway { pause() }
    }

    /// Writes a text to standard error at the end.
    package static func says(_ text: StaticString) {
        state.withLock { $0.text = text }
        watch()
    }

    private static func watch() {
        let isFirst = state.withLock { state in
            defer { state.isWatched = true }
            return !state.isWatched
        }
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard isFirst, socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return }
        SignalPipe.input.store(ends[1], ordering: .sequentiallyConsistent)
        SignalPipe.output.store(ends[0], ordering: .sequentiallyConsistent)
        // A signal's handler may call next to nothing: a thread waits for what it writes.
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { _ in
                Interruption.end(by: SignalPipe.wait())
                return nil
            },
            nil
        )
        guard status == 0 else { return }
        pthread_detach(thread)
        for signal in signals { SignalPipe.handle(signal) }
    }

    private static func end(by signal: CInt) {
        let (undoing, text) = state.withLock { state in
            state.isUnderway = true
            return (state.undoing, state.text)
        }
        for undo in undoing.values { undo() }
        if let text { _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }
        Glibc.signal(signal, SIG_DFL)
        kill(getpid(), signal)
    }

    private static func remove(_ path: String) {
        for _ in 0..<attempts {
            try? Directory.removeTree(path)
            guard (try? FileStatus.ofLink(path)) != nil else { return }
            usleep(10_000)
        }
    }
}

/// How a signal's handler tells a thread of it.
private enum SignalPipe {
    static let input = Atomic<CInt>(-1)
    static let output = Atomic<CInt>(-1)

    static func handle(_ number: CInt) {
        var before = sigaction()
        // The default is the null handler.
        guard sigaction(number, nil, &before) == 0, before.__sigaction_handler.sa_handler == nil else { return }
        signal(number) { number in
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(SignalPipe.input.load(ordering: .sequentiallyConsistent), &byte, 1)
        }
    }

    /// The next signal.
    static func wait() -> CInt {
        var byte: UInt8 = 0
        while read(output.load(ordering: .sequentiallyConsistent), &byte, 1) < 0, errno == EINTR {}
        return CInt(byte)
    }
}
