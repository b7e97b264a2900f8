import Glibc

/// How many files this process may have open at a time: `RLIMIT_NOFILE` of getrlimit(2).
package enum OpenFileLimit {
    /// The limit that holds now.
    package static var current: Int {
        Int(clamping: limits().rlim_cur)
    }

    /// Takes all that the system allows.
    ///
    /// The usual limit of 1,024 is there for programs that call select(2), which can't name a higher file.
    package static func raise() {
        var limits = limits()
        limits.rlim_cur = limits.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
    }

    /// Makes room for a number of open files while this process has one thread.
    ///
    /// The kernel's table of open files grows by doubling, and waits each time until no other thread can be reading the
    /// old one: up to 10 ms that a program with several threads pays again and again.
    package static func makeRoom(for count: Int) {
        let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, CInt(clamping: min(count, current - 1)))
        if descriptor >= 0 { close(descriptor) }
    }

    private static func limits() -> rlimit {
        var limits = rlimit(rlim_cur: 1024, rlim_max: 1024)
        _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        return limits
    }
}
