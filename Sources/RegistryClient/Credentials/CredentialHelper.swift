import Glibc
import HTTP
import JSON
import SystemIO

/// A program that keeps credentials, `docker-credential-NAME` (docker/docker-credential-helpers, README).
struct CredentialHelper {
    let name: String
    let environment: [String: String]

    /// A person may have to unlock a key ring meanwhile: in seconds.
    private static let patience = 60.0
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
            throw .credentials(place: server, reason: "'\(name)' is not the name of a credential helper")
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
        let answer: ChildProcess.Answer?
        do {
            answer = try ChildProcess.answer(
                of: program,
                ["get"],
                environment: environment,
                input: Array(input.utf8),
                seconds: Self.patience,
                limit: Self.largestAnswer
            )
        } catch {
            throw fail(error.code)
        }
        guard let answer else {
            throw .credentials(place: input, reason: "\(program) gives no answer in a minute, or too long a one")
        }
        return (answer.status, answer.output)
    }
}
