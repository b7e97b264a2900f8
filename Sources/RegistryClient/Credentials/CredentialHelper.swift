import Glibc
import JSON
import SystemIO

/// A program that keeps credentials, `docker-credential-NAME` (docker/docker-credential-helpers, README).
struct CredentialHelper {
    let name: String
    let environment: [String: String]

    /// A person may have to unlock a key ring meanwhile: in milliseconds.
    private static let patience: Int32 = 60_000
    private static let largestAnswer = 1 << 20

    private var program: String { "docker-credential-\(name)" }

    /// Why there is no such program; nil when there is one.
    var absence: String? {
        isPlain && ChildProcess.path(of: program, environment) == nil ? "\(program) isn't in PATH" : nil
    }

    private var isPlain: Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_.".utf8.contains(byte)
                }
            }
    }

    /// What it keeps for a registry; nil when it has nothing.
    func credential(for server: String) throws(RegistryError) -> Credential? {
        guard isPlain else {
            throw .credentials(place: server, reason: "'\(name)' is no name of a credential helper")
        }
        let (status, output) = try run(program, input: server)
        let text = String(decoding: output, as: UTF8.self)
        guard status == 0 else {
            if text.contains("credentials not found") { return nil }
            throw .credentials(
                place: server,
                reason: "\(program) ends with status \(status): "
                    + (text.split(separator: "\n").first.map(String.init) ?? "it says nothing")
            )
        }
        guard let answer = try? JSONDocument(output).value, let user = answer["Username"]?.string,
            let secret = answer["Secret"]?.string
        else {
            throw .credentials(place: server, reason: "\(program) gives no JSON of Username and Secret")
        }
        if user == "<token>" { return .identityToken(secret) }
        return user.isEmpty && secret.isEmpty ? nil : .password(user: user, password: secret)
    }

    private func run(_ program: String, input: String) throws(RegistryError) -> (status: Int32, output: [UInt8]) {
        func fail(_ code: Int32) -> RegistryError {
            let reason = code == ENOENT ? "it isn't in PATH" : "it can't be started, error \(code)"
            return .credentials(place: input, reason: "\(program) is asked for them: \(reason)")
        }
        // Closed on exec from the start: another thread may begin a program meanwhile, and would keep a pipe open.
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw fail(errno) }
        defer { close(ends[0]) }
        let process: ChildProcess
        do {
            defer { close(ends[1]) }
            let streams = [STDIN_FILENO, STDOUT_FILENO].map { (descriptor: $0, from: ends[1]) }
            process = try ChildProcess(program, ["get"], environment: environment, streams: streams)
        } catch {
            throw fail(error.code)
        }
        _ = Array(input.utf8).withUnsafeBytes { send(ends[0], $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        shutdown(ends[0], Int32(SHUT_WR))
        guard let output = Self.readAll(ends[0]) else {
            process.kill()
            _ = process.wait()
            throw .credentials(place: input, reason: "\(program) gives no answer in a minute, or too long a one")
        }
        return (process.wait(), output)
    }

    private static func readAll(_ descriptor: Int32) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        let end = Stopwatch.now() + Double(patience) / 1000
        while true {
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&poller, 1, Int32(max(0, end - Stopwatch.now()) * 1000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            // A helper that ends without having read the server's name resets the connection; its answer came before.
            guard count > 0 else { return count == 0 || errno == ECONNRESET ? result : nil }
            result += buffer[..<count]
            guard result.count <= largestAnswer else { return nil }
        }
    }
}
