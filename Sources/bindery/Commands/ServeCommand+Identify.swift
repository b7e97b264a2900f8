import RegistryServer
import SystemIO

extension ServeCommand {
    /// How files that are sent are looked at: by `bindery identify`, in a process of its own that the server outlives.
    var identifyRule: IdentifyRule {
        let store = options.path
        return IdentifyRule(isPublic: publicIdentify, directory: Directory.temporary) { path, name in
            // In one word, whatever it begins with.
            let called = name.isEmpty ? [] : ["--called=\(name)"]
            // This program, whatever its path has become since it was started.
            let answer = try ChildProcess.answer(
                of: "/proc/self/exe",
                ["identify", "--inside", "--json", "--quiet", "--store", store] + called + ["--", path],
                input: [],
                seconds: Self.longestLook,
                limit: Self.largestAnswer
            )
            guard let answer else { return nil }
            guard answer.status == 0 || answer.status == ExitStatus.no.rawValue else {
                throw LookFailure(status: answer.status)
            }
            return answer.output
        }
    }

    /// How long one file is looked at, in seconds.
    private static let longestLook = 300.0
    /// In bytes.
    private static let largestAnswer = 16 << 20
}

/// The process that looks at a file ended in another way than with an answer; it has said on standard error why.
private struct LookFailure: Error, CustomStringConvertible {
    let status: CInt

    var description: String { "`bindery identify` ended with status \(status)" }
}
