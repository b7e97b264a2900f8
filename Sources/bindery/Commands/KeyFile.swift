import Attestation
import ContentAddress
import Glibc
import Printable
import Proofs
import SystemIO
import TransparencyLog

/// The actions of `key` that read and write files of keys, and touch no store.
enum KeyFile {
    static func run(_ command: KeyCommand) throws {
        guard let target = command.target else { return }
        let passphrase = try KeyPassphrase.read(file: command.passphraseFile)
        switch command.action {
        case .generate:
            guard let role = command.role else { return }
            try KeyPassphrase.checkForWriting(file: command.passphraseFile)
            let key = try PrivateKey.generate(role.algorithm)
            try write(key, of: role, to: target, passphrase)
            try show(key.publicKey, path: target, command)
        case .import:
            guard let role = command.role, let output = command.output else { return }
            try KeyPassphrase.checkForWriting(file: command.passphraseFile)
            let key = try KeySource(target).guardedPrivateKey(passphrase: passphrase, for: role)
            guard role.algorithm == .ecdsaP256 || key.publicKey.algorithm == .ed25519 else {
                throw UsageError(description: "a key of a log or witness is Ed25519, and this one is ECDSA")
            }
            try write(key, of: role, to: output, passphrase)
            try show(key.publicKey, path: output, command)
        case .show: try show(try publicKey(target, passphrase), path: target, command)
        case .trust, .list, .revoke: return
        }
    }

    private static func publicKey(_ path: String, _ passphrase: [UInt8]?) throws -> PublicKey {
        let source = KeySource(path)
        let text = String(decoding: try source.bytes(), as: UTF8.self)
        guard text.contains("PRIVATE KEY-----") else { return try source.publicKey() }
        return try source.guardedPrivateKey(passphrase: passphrase).publicKey
    }

    /// Writes both halves; nothing that is there is replaced.
    private static func write(
        _ key: PrivateKey,
        of role: KeyRole,
        to path: String,
        _ passphrase: [UInt8]?
    ) throws {
        for path in [path, path + ".pub"] where (try? FileStatus.ofLink(path)) != nil { throw Standing(path: path) }
        try write(role.line + key.pem(passphrase: passphrase), to: path, mode: 0o600)
        try write(key.publicKey.pem, to: path + ".pub", mode: 0o644)
    }

    private static func write(_ text: String, to path: String, mode: mode_t) throws {
        do throws(SystemError) { try create(path, text, mode) } catch {
            // Another call was faster.
            guard error.code == EEXIST else { throw error }
            throw Standing(path: path)
        }
    }

    private static func create(_ path: String, _ text: String, _ mode: mode_t) throws(SystemError) {
        let file = try AtomicFile.create(path, mode: mode)
        try file.file.write(Array(text.utf8))
        try file.commit(replacing: false)
    }

    private static func show(_ key: PublicKey, path: String, _ command: KeyCommand) throws {
        let verifiers =
            try command.action == .show
            ? command.name.map { name in
                (
                    log: try NoteVerifier(name: name, key: key).text,
                    witness: try NoteVerifier(name: name, key: key, kind: .cosignature).text
                )
            } : nil
        if command.options.json {
            return try Output.json(
                Shape(
                    identifier: key.identifier,
                    algorithm: key.algorithm.rawValue,
                    hint: key.hint,
                    publicKey: key.pem,
                    file: path,
                    logVerifier: verifiers?.log,
                    witnessVerifier: verifiers?.witness
                )
            )
        }
        Output.line("\(key.identifier)  \(key.algorithm.rawValue)  \(path)")
        guard let verifiers else { return }
        Output.line("as a log      \(verifiers.log)", isFolded: false)
        Output.line("as a witness  \(verifiers.witness)", isFolded: false)
    }

    private struct Shape: Encodable {
        let identifier: Digest
        let algorithm: String
        let hint: String
        let publicKey: String
        let file: String
        let logVerifier: String?
        let witnessVerifier: String?
    }

    private struct Standing: FailureWithStatus, CustomStringConvertible {
        let path: String
        var description: String { "\(printable(path)) is there already: a key is never replaced" }
        var exitStatus: ExitStatus { .conflict }
    }
}
