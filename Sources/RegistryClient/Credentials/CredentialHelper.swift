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
    private static let attempts = 10

    private var program: String { "docker-credential-\(name)" }

    /// Why there is no such program; nil when there is one.
    var absence: String? { isPlain && path(of: program) == nil ? "\(program) isn't in PATH" : nil }

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
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try start(program, end: ends[1], fail)
        }
        _ = Array(input.utf8).withUnsafeBytes { send(ends[0], $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        shutdown(ends[0], Int32(SHUT_WR))
        guard let output = Self.readAll(ends[0]) else {
            kill(process, SIGKILL)
            _ = Self.wait(for: process)
            throw .credentials(place: input, reason: "\(program) gives no answer in a minute, or too long a one")
        }
        return (Self.wait(for: process), output)
    }

    private func start(
        _ program: String,
        end: Int32,
        _ fail: (Int32) -> RegistryError
    ) throws(RegistryError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for standard in [STDIN_FILENO, STDOUT_FILENO] { posix_spawn_file_actions_adddup2(&actions, end, standard) }
        guard let path = path(of: program) else { throw fail(ENOENT) }
        let names = [program, "get"]
        let words: [UnsafeMutablePointer<CChar>?] = names.map { strdup($0) }
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        var status: Int32 = 0
        for _ in 0..<Self.attempts {
            status = posix_spawn(&process, path, &actions, nil, words + [nil], variables + [nil])
            // It was installed a moment ago, and a process that began meanwhile has it open for writing still.
            guard status == ETXTBSY else { break }
            usleep(20_000)
        }
        guard status == 0 else { throw fail(status) }
        return process
    }

    private func path(of program: String) -> String? {
        (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
            .first { access($0, X_OK) == 0 }
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

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        // WEXITSTATUS and WTERMSIG are macros: the exit status is in the second byte, a signal in the first.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}
