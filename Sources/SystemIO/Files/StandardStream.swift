import Glibc

/// The three streams that a process begins with.
package enum StandardStream {
    /// Opens those that the caller closed, so that no file gets their descriptors and messages are written into it.
    ///
    /// What is opened can't be read, or written: whoever uses it is told. To be called before any file is opened.
    package static func secure() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = Glibc.open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Standard input, to be read once.
    package static func input() throws(SystemError) -> File {
        try duplicate(STDIN_FILENO, call: "read", path: "standard input")
    }

    /// Standard output; what was printed before must have been written.
    package static func output() throws(SystemError) -> File {
        try duplicate(STDOUT_FILENO, call: "write", path: "standard output")
    }

    private static func duplicate(_ descriptor: CInt, call: String, path: String) throws(SystemError) -> File {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw SystemError(call: call, path: path) }
        return File(adopting: copy, path: path)
    }
}
