internal import Glibc

/// How many files this process may have open at a time: `RLIMIT_NOFILE` of getrlimit(2).
public enum OpenFileLimit {
    /// The limit that holds now.
    public static var current: Int {
        Int(clamping: limits().rlim_cur)
    }

    /// Takes all that the system allows.
    ///
    /// The usual limit of 1,024 is there for programs that call select(2), which can't name a higher file.
    public static func raise() {
        var limits = limits()
        limits.rlim_cur = limits.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
    }

    private static func limits() -> rlimit {
        var limits = rlimit(rlim_cur: 1024, rlim_max: 1024)
        _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        return limits
    }
}
