import Attestation
import Foundation
import Glibc
import Printable
import SystemIO

/// Where the text of a key is: a file, or `env:NAME` for an environment variable that has it.
struct KeySource: CustomStringConvertible {
    let description: String

    init(_ text: String) { description = text }

    private var variable: String? {
        description.hasPrefix("env:") ? String(description.dropFirst("env:".count)) : nil
    }

    /// What messages call it.
    var name: String { variable.map { "the variable \($0)" } ?? description }

    /// The text.
    func bytes() throws -> [UInt8] {
        if let variable {
            guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
                throw UsageError(description: "the environment has no key in \(printable(variable))")
            }
            return Array(text.utf8)
        }
        let file = try File.open(description, O_RDONLY | O_NONBLOCK)
        return try file.readBytes(limit: PublicKey.sizeLimit + 1)
    }

    /// The private key in it.
    func privateKey(passphrase: [UInt8]?) throws -> PrivateKey {
        let key = try PrivateKey(pem: try bytes(), passphrase: passphrase, what: name)
        if variable == nil, let status = try? FileStatus.of(description), status.mode & 0o077 != 0 {
            Output.warning("\(description) is a private key that others may read: chmod 600 closes it")
        }
        return key
    }

    /// The public key in it.
    func publicKey() throws -> PublicKey { try PublicKey(pem: try bytes(), what: name) }
}

/// What opens encrypted private keys: the first line of a file, else BINDERY_KEY_PASSPHRASE.
enum KeyPassphrase {
    /// The passphrase; nil when none is given.
    static func read(file: String?) throws -> [UInt8]? {
        if let file {
            let bytes = try File.open(file, O_RDONLY).readBytes(limit: 4096)
            let line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
            guard !line.isEmpty, line.count < 1024 else {
                throw UsageError(description: "\(printable(file)) has no passphrase in its first line")
            }
            return line
        }
        guard let text = ProcessInfo.processInfo.environment["BINDERY_KEY_PASSPHRASE"], !text.isEmpty else {
            return nil
        }
        return Array(text.utf8)
    }
}

extension KeyError: FailureWithStatus {
    var exitStatus: ExitStatus {
        switch self {
        case .unreadable, .passphraseNeeded, .wrongPassphrase, .unsupported: .usage
        case .failed: .environment
        }
    }
}

extension AttestationError: FailureWithStatus {
    var exitStatus: ExitStatus { .integrity }
}
