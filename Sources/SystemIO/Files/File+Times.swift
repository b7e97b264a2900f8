import Glibc

extension File {
    /// Sets the times of last access and change of content, in whole seconds since 1970.
    package func setModified(_ seconds: Int64) throws(SystemError) {
        let time = timespec(tv_sec: time_t(seconds), tv_nsec: 0)
        guard futimens(descriptor, [time, time]) == 0 else { throw SystemError(call: "set the time of", path: path) }
    }
}
