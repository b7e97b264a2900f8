/// What signs: a private key, or a program that has one.
package protocol Signing: Sendable {
    /// The key that verifies what it signs.
    var publicKey: PublicKey { get }

    /// A signature over a message, in the form that ``KeyAlgorithm`` says.
    func signature(over message: [UInt8]) throws -> [UInt8]
}

extension PrivateKey: Signing {
    /// A signature over a message.
    package func signature(over message: [UInt8]) throws -> [UInt8] { try sign(message) }
}
