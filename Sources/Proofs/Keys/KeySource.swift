package import Attestation
import Foundation
import Glibc
import SystemIO

/// Where the text of a key is: a file, or `env:NAME` for an environment variable that has it.
package struct KeySource: CustomStringConvertible {
    package let description: String

    package init(_ text: String) { description = text }

    private var variable: String? {
        description.hasPrefix("env:") ? String(description.dropFirst("env:".count)) : nil
    }

    /// What messages call it.
    package var name: String { variable.map { "the variable \($0)" } ?? description }

    /// The text.
    package func bytes() throws -> [UInt8] {
        if let variable {
            guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
                throw ProofError.noKey(variable: variable)
            }
            return Array(text.utf8)
        }
        let file = try File.open(description, O_RDONLY | O_NONBLOCK)
        return try file.readBytes(limit: PublicKey.sizeLimit + 1)
    }

    /// The private key in it; throws for one of another role.
    package func privateKey(passphrase: [UInt8]?, for role: KeyRole? = nil) throws -> PrivateKey {
        let pem = try bytes()
        if let role, let own = KeyRole(above: pem), own != role {
            throw ProofError.otherRole(key: name, has: own, wanted: role)
        }
        return try PrivateKey(pem: pem, passphrase: passphrase, what: name)
    }

    /// Whether it is a file that others than its owner may read.
    package var isOpenToOthers: Bool {
        guard variable == nil, let status = try? FileStatus.of(description) else { return false }
        return status.mode & 0o077 != 0
    }

    /// The public key in it; throws for one of another role, where a line above it says so.
    package func publicKey(for role: KeyRole? = nil) throws -> PublicKey {
        let pem = try bytes()
        if let role, let own = KeyRole(above: pem), own != role {
            throw ProofError.otherRole(key: name, has: own, wanted: role)
        }
        return try PublicKey(pem: pem, what: name)
    }
}
