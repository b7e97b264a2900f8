import CShims
import Glibc

extension ChildProcess {
    /// What a program answered: its exit status, and what it wrote on standard output.
    package struct Answer: Sendable {
        package let status: CInt
        package let output: [UInt8]
    }

    /// Runs a program with bytes on its standard input; nil when it hasn't ended in so many seconds, or answers more
    /// than `limit` bytes: it is killed then.
    ///
    /// Its standard error is this process's. Throws as ``init(_:_:environment:streams:)`` does.
    package static func answer(
        of program: String,
        _ words: [String],
        environment: [String: String]? = nil,
        input: [UInt8],
        seconds: Double,
        limit: Int
    ) throws(SystemError) -> Answer? {
        // A file and a pipe, not a socket: `/dev/stdin` and `/dev/stdout`, which many programs are given as names, open
        // nothing of a socket. And the program may leave what it doesn't need unread.
        let question = try memoryFile(input, for: program)
        defer { close(question) }
        // Closed on exec from the start: another thread may begin a program meanwhile, and would keep the pipe open.
        var ends: [CInt] = [-1, -1]
        guard shim_pipe(&ends) == 0 else { throw SystemError(call: "start", path: program) }
        defer { close(ends[0]) }
        let process: ChildProcess
        do {
            defer { close(ends[1]) }
            process = try ChildProcess(
                program,
                words,
                environment: environment,
                streams: [(STDIN_FILENO, question), (STDOUT_FILENO, ends[1])]
            )
        }
        guard let output = readAll(ends[0], seconds: seconds, limit: limit) else {
            process.kill()
            _ = process.wait()
            return nil
        }
        return Answer(status: process.wait(), output: output)
    }

    private static func memoryFile(_ bytes: [UInt8], for program: String) throws(SystemError) -> CInt {
        let file = shim_memory_file("question")
        guard file >= 0 else { throw SystemError(call: "start", path: program) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = SystemError(call: "start", path: program)
                close(file)
                throw failure
            }
            rest = rest.dropFirst(count)
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    // Nil for one that takes too long or writes too much.
    private static func readAll(_ stream: CInt, seconds: Double, limit: Int) -> [UInt8]? {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let end = Stopwatch.now() + seconds
        while true {
            var poller = pollfd(fd: stream, events: Int16(POLLIN), revents: 0)
            let ready = poll(&poller, 1, CInt(max(0, end - Stopwatch.now()) * 1000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = read(stream, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? output : nil }
            output += buffer[..<count]
            guard output.count <= limit else { return nil }
        }
    }
}
