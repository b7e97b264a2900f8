import CProcessStart

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// What a process does before anything else.
extension OperatingSystem {
    /// The words of the command line, the program's own name first; nil where they can't be read.
    ///
    /// The standard library reads them from /proc, which need not be there.
    static var arguments: [String]? {
        let count = process_argument_count()
        guard count > 0 else { return CommandLine.arguments.isEmpty ? nil : CommandLine.arguments }
        return (0..<count).map { position in
            process_argument(position).map { String(cString: $0) } ?? ""
        }
    }

    /// Opens /dev/null on each of the standard streams that is closed, since the next file that is opened would get its
    /// number, and log lines with it.
    static func openStandardStreams() {
        for descriptor in 0...2 as ClosedRange<CInt> where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // The lowest number that is free is this one. Without /dev/null any file will do that can't be written to.
            for path in ["/dev/null", "/"] {
                #if canImport(Glibc)
                let opened = Glibc.open(path, path == "/" ? O_RDONLY : O_RDWR)
                #elseif canImport(Musl)
                let opened = Musl.open(path, path == "/" ? O_RDONLY : O_RDWR)
                #endif
                if opened >= 0 { break }
            }
        }
    }

    /// Makes the stacks of the event loops' threads as large as those of `startThread`.
    ///
    /// To be called before there is a second thread.
    static func sizeStacks() { process_size_stacks() }

    /// Lets the process open as many files as it may; how many that are.
    static func raiseFileLimit() -> Int { process_raise_file_limit() }

    /// Gives the memory back that holds the program's code and constants, most of which only the start needs; what is
    /// used again comes back from the file by itself.
    static func giveBackCode() { process_give_back_code() }

    /// Lets the kernel clear away processes that end and are nobody's child but ours, as process 1 has to.
    static func reapChildren() { _ = signal(SIGCHLD, SIG_IGN) }
}
