package import Attestation
import ContentAddress
import Foundation
import SystemIO

/// A program that signs: it gets the message on standard input, and answers with the signature.
///
/// The message's SHA-256 and the role of the key are in the environment. The answer is the signature, DER for ECDSA and
/// 64 bytes for Ed25519, or its base64; it is verified before it counts.
package struct SigningProgram: Signing {
    let program: String
    let arguments: [String]
    package let publicKey: PublicKey
    let role: KeyRole

    package init(program: String, arguments: [String], publicKey: PublicKey, role: KeyRole) {
        self.program = program
        self.arguments = arguments
        self.publicKey = publicKey
        self.role = role
    }

    private static let patience = 60.0
    private static let largestAnswer = 16 << 10

    package func signature(over message: [UInt8]) throws -> [UInt8] {
        var environment = ProcessInfo.processInfo.environment
        environment["BINDERY_SIGN_SHA256"] = Digest.of(message).hex
        environment["BINDERY_SIGN_ROLE"] = role.rawValue
        let answer = try ChildProcess.answer(
            of: program,
            arguments,
            environment: environment,
            input: message,
            seconds: Self.patience,
            limit: Self.largestAnswer
        )
        guard let answer else {
            throw ProofError.signer(program: program, reason: "it gives no answer in 60 s, or too long a one")
        }
        guard answer.status == 0 else {
            throw ProofError.signer(program: program, reason: "it ends with status \(answer.status)")
        }
        if publicKey.verifies(answer.output, of: message) { return answer.output }
        let text = String(decoding: answer.output, as: UTF8.self).filter { !$0.isWhitespace }
        guard let signature = Base64.decode(text), publicKey.verifies(signature, of: message) else {
            throw ProofError.signer(
                program: program,
                reason:
                    "its answer of \(answer.output.count) bytes isn't a signature of the key \(publicKey.identifier.short)"
            )
        }
        return signature
    }
}
