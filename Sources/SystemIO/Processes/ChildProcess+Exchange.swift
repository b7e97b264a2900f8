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
        // Closed on exec from the start: another thread may begin a program meanwhile, and would keep a pipe open.
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemError(call: "start", path: program) }
        defer { close(ends[0]) }
        let process: ChildProcess
        do {
            defer { close(ends[1]) }
            let streams = [STDIN_FILENO, STDOUT_FILENO].map { (descriptor: $0, from: ends[1]) }
            process = try ChildProcess(program, words, environment: environment, streams: streams)
        }
        guard let output = talk(ends[0], input, seconds: seconds, limit: limit) else {
            process.kill()
            _ = process.wait()
            return nil
        }
        return Answer(status: process.wait(), output: output)
    }

    // Writes and reads as the program is ready for it: it may answer before it has read all.
    private static func talk(_ stream: CInt, _ input: [UInt8], seconds: Double, limit: Int) -> [UInt8]? {
        var output: [UInt8] = []
        var rest = input[...]
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let end = Stopwatch.now() + seconds
        if rest.isEmpty { shutdown(stream, CInt(SHUT_WR)) }
        while true {
            var poller = pollfd(fd: stream, events: Int16(POLLIN) | (rest.isEmpty ? 0 : Int16(POLLOUT)), revents: 0)
            let ready = poll(&poller, 1, CInt(max(0, end - Stopwatch.now()) * 1000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            if poller.revents & Int16(POLLOUT) != 0, !rest.isEmpty {
                let count = rest.withUnsafeBytes { bytes in
                    send(stream, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
                }
                // A program that reads no further may have all it needs; its answer and its status say so.
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EAGAIN, errno != EINTR { rest = [] }
                if rest.isEmpty { shutdown(stream, CInt(SHUT_WR)) }
            }
            guard poller.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { continue }
            let count = recv(stream, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            // One that ends without having read its input resets the connection; its answer came before.
            guard count > 0 else { return count == 0 || errno == ECONNRESET ? output : nil }
            output += buffer[..<count]
            guard output.count <= limit else { return nil }
        }
    }
}
