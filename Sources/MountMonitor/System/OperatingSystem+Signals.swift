#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension OperatingSystem {
    /// The signals this program acts on.
    enum Signal: CaseIterable, Sendable {
        /// Stop in order (SIGTERM, SIGINT).
        case terminate, interrupt
        /// Read the configuration again (SIGHUP).
        case hangUp
        /// The program woke itself (SIGUSR1).
        case wake

        fileprivate var number: Int32 {
            switch self {
            case .terminate: SIGTERM
            case .interrupt: SIGINT
            case .hangUp: SIGHUP
            case .wake: SIGUSR1
            }
        }
    }

    private static var signalSet: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in Signal.allCases { sigaddset(&set, signal.number) }
        return set
    }

    /// Keeps the signals for `nextSignal` instead of their usual effect.
    ///
    /// To be called before there is a second thread, since threads inherit it. A blocked signal is also kept for
    /// process 1 of a container, which the kernel spares from signals that it neither blocks nor handles.
    static func holdSignals() {
        var set = signalSet
        sigprocmask(SIG_BLOCK, &set, nil)
        // A connection whose other side is gone is an error of the write, not the process's end. The others mean
        // nothing to this program, and Go's runtime drops them, too.
        for number in [SIGPIPE, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGIO, SIGPWR] {
            _ = signal(number, SIG_IGN)
        }
    }

    /// Gives the signals that end a process that effect for process 1, too, which the kernel spares from it.
    ///
    /// To be called before there is a second thread, like `holdSignals`.
    static func endFirstProcessOnSignals() {
        guard getpid() == 1 else { return }
        holdSignals()
        // Without a thread the process ends by itself, as it does anyway.
        _ = startThread {
            while true {
                switch nextSignal(within: nil) {
                // As a Go program that is process 1 ends.
                case .terminate, .interrupt, .hangUp: exit(2)
                case .wake, nil: continue
                }
            }
        }
    }

    /// Waits for the next signal; nil when the time is up before one comes.
    static func nextSignal(within limit: GoDuration?) -> Signal? {
        var set = signalSet
        let end = limit.map { instant() + $0 }
        while true {
            let number: Int32
            if let end {
                let rest = max(0, (end - instant()).nanoseconds)
                var time = timespec()
                time.tv_sec = time_t(rest / 1_000_000_000)
                time.tv_nsec = numericCast(rest % 1_000_000_000)
                number = sigtimedwait(&set, nil, &time)
                if number < 0, errno == EAGAIN { return nil }
            } else {
                number = sigwaitinfo(&set, nil)
            }
            if let signal = Signal.allCases.first(where: { $0.number == number }) { return signal }
        }
    }

    /// Makes `nextSignal` of the main thread return.
    static func wakeMainThread() { _ = kill(getpid(), SIGUSR1) }
}
