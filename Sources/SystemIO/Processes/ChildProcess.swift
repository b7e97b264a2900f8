import Glibc

/// A program that was started, with its standard streams on descriptors of ours.
package struct ChildProcess {
    private let identifier: pid_t

    /// Starts a program that is found in `PATH`, with these words behind its name.
    ///
    /// Streams that aren't named are inherited, and so is the environment for nil. Throws `ENOENT` for a program that
    /// isn't in `PATH`.
    package init(
        _ program: String,
        _ words: [String],
        environment: [String: String]? = nil,
        streams: [(descriptor: CInt, from: CInt)]
    ) throws(SystemError) {
        guard let path = Self.path(of: program, environment) else {
            throw SystemError(call: "start", path: program, code: ENOENT)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in streams { posix_spawn_file_actions_adddup2(&actions, stream.from, stream.descriptor) }
        let arguments: [UnsafeMutablePointer<CChar>?] = ([program] + words).map { strdup($0) }
        let variables: [UnsafeMutablePointer<CChar>?]? = environment?.map { strdup("\($0.key)=\($0.value)") }
        defer { for text in arguments + (variables ?? []) { free(text) } }
        var process: pid_t = 0
        var status: CInt = 0
        for _ in 0..<Self.attempts {
            status =
                if let variables {
                    posix_spawn(&process, path, &actions, nil, arguments + [nil], variables + [nil])
                } else {
                    posix_spawn(&process, path, &actions, nil, arguments + [nil], environ)
                }
            // It was installed a moment ago, and a process that began meanwhile has it open for writing still.
            guard status == ETXTBSY else { break }
            usleep(20_000)
        }
        guard status == 0 else { throw SystemError(call: "start", path: path, code: status) }
        identifier = process
    }

    private static let attempts = 10

    /// Where a program is in `PATH`, or the path that it is named by; nil when none can be run there.
    package static func path(of program: String, _ environment: [String: String]? = nil) -> String? {
        if program.contains("/") { return access(program, X_OK) == 0 ? program : nil }
        let directories = environment.map { $0["PATH"] } ?? getenv("PATH").map { String(cString: $0) }
        return (directories ?? "").split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }

    /// Ends it at once.
    package func kill() { _ = Glibc.kill(identifier, SIGKILL) }

    /// Waits for its end; gives its exit status, or 128 and the number of the signal that ended it.
    package func wait() -> CInt {
        var status: CInt = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        // WEXITSTATUS and WTERMSIG are macros: the exit status is in the second byte, a signal in the first.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}
